#!/usr/bin/perl
# The referee of the stress tests: perl referee.pl SOCKET. Fails when two servers are alive at once.
# Each server (refereed.pl) connects, and answers pings from userland. When a server connects while an earlier
# connection is open, the earlier one is pinged after that: an answer proves that both were alive at the same time; the
# end of the connection means that the earlier one was dying, which is fine. No answer within ten seconds is a failure.
# Says "listening", "up PID" and "down PID"; at the end of its input "verdict servers=N overlaps=N unanswered=N peak=N",
# and exits with 1 when there was an overlap.
use strict;
use warnings;
use POSIX ();
use Socket;
$| = 1;
$SIG{PIPE} = 'IGNORE';
# Seconds since boot, to the hundredth. Time::HiRes is not part of perl-base, which is all that a small system has.
sub now { (POSIX::times())[0] / POSIX::sysconf(POSIX::_SC_CLK_TCK()) }
my $path = shift;
socket my $listener, AF_UNIX, SOCK_STREAM, 0 or die "socket: $!";
bind $listener, sockaddr_un($path) or die "bind: $!";
listen $listener, 4096 or die "listen: $!";
print "listening\n";
my $ending = 0;
my %server;    # by descriptor: handle, pid, input, pings that wait for an answer
my ($servers, $overlaps, $unanswered, $peak, $number) = (0, 0, 0, 0, 0);

sub gone {
    my $fd = shift;
    print "down $server{$fd}{pid}\n" if $server{$fd}{pid};
    delete $server{$fd};
}

sub heard {
    my ($fd, $line) = @_;
    my $it = $server{$fd};
    if ($line =~ /^hello (\d+)/) {
        $it->{pid} = $1;
        $servers++;
        print "up $1\n";
    } elsif ($line =~ /^pong (\d+)/ && delete $it->{pings}{$1}) {
        $overlaps++;
        print "OVERLAP pid $it->{pid} answered ping $1, sent after another server had connected\n";
    }
}

sub look {
    my $timeout = shift;
    my $bits = '';
    vec($bits, $_, 1) = 1 for fileno $listener, keys %server;
    vec($bits, fileno STDIN, 1) = 1 unless $ending;
    my $ready = select my $r = $bits, undef, undef, $timeout;
    return 0 if $ready <= 0;
    for my $fd (keys %server) {
        next unless vec $r, $fd, 1;
        my $n = sysread $server{$fd}{handle}, $server{$fd}{input}, 4096, length $server{$fd}{input};
        if (!$n) { gone($fd); next }
        while (exists $server{$fd} && $server{$fd}{input} =~ s/^(.*)\n//) { heard($fd, $1) }
    }
    if (vec $r, fileno $listener, 1) {
        accept my $handle, $listener or die "accept: $!";
        for my $it (values %server) {
            $number++;
            $it->{pings}{$number} = now();
            syswrite $it->{handle}, "ping $number\n";
        }
        $server{fileno $handle} = { handle => $handle, pid => 0, input => '', pings => {} };
        $peak = keys %server if keys %server > $peak;
    }
    return vec($r, fileno STDIN, 1) ? 2 : 1;
}

sub waiting { scalar map { keys %{ $_->{pings} } } values %server }

while (1) {
    my $seen = look(1);
    if ($seen == 2) { sysread(STDIN, my $input, 4096) or last }
}
$ending = 1;
my $end = now() + 10;
1 while look(0.05) || (waiting() && now() < $end);
$unanswered = waiting();
print "verdict servers=$servers overlaps=$overlaps unanswered=$unanswered peak=$peak\n";
exit($overlaps || $unanswered ? 1 : 0);
