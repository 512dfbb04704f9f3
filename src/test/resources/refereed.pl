#!/usr/bin/perl
# A server that the referee watches: perl refereed.pl SOCKET [SLOW_MS]. Answers its pings, also while it stops, which
# takes SLOW_MS. Says "ready PID" when the referee can see it. Ends when the referee does.
use strict;
use warnings;
use POSIX ();
use Socket;
$| = 1;
# Seconds since boot, to the hundredth. Time::HiRes is not part of perl-base, which is all that a small system has.
sub now { (POSIX::times())[0] / POSIX::sysconf(POSIX::_SC_CLK_TCK()) }
my ($path, $slow) = @ARGV;
my $end;
$SIG{$_} = sub { $end //= now() + ($slow // 0) / 1000 } for qw(HUP INT QUIT TERM);
socket my $referee, AF_UNIX, SOCK_STREAM, 0 or die "socket: $!";
connect $referee, sockaddr_un($path) or die "connect: $!";
syswrite $referee, "hello $$\n";
print "ready $$\n";
my $input = '';
while (!defined $end || now() < $end) {
    vec(my $bits = '', fileno $referee, 1) = 1;
    my $ready = select $bits, undef, undef, defined $end ? 0.005 : 1;
    next if $ready <= 0;
    sysread $referee, $input, 4096, length $input or exit 3;
    while ($input =~ s/^ping (\d+)\n//) { syswrite $referee, "pong $1\n" }
}
