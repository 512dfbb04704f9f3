#!/usr/bin/perl
# A server that does what it is told, a line at a time, by the FIFO of its first argument:
#   send TEXT    sends TEXT to NOTIFY_SOCKET (\n stands for a line end)     print TEXT   writes a line to stdout
#   warn TEXT    writes a line to stderr                                     listen PORT  listens on a TCP port
#   http STATUS  listens on a port of its own, says "port N", and answers each request with that status
#   exit N       ends                                                        die SIGNAL   kills itself
#   main         forks a child that says MAINPID, and ends at USR1 with 7; says "main PID"
#   stubborn     ignores TERM from now on                                    linger       says STOPPING=1 and hangs
# Says "ready PID" at first, "got SIGNAL" for each signal, and ends at TERM with 0.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use POSIX ();
use Socket;
$| = 1;
my %keep;

sub notify {
    my $text = shift;
    $text =~ s/\\n/\n/g;
    my $to = $ENV{NOTIFY_SOCKET} or do { print "no NOTIFY_SOCKET\n"; return };
    $to =~ s/^@/\0/;
    socket(my $s, AF_UNIX, SOCK_DGRAM, 0) or die $!;
    # By hand: pack_sockaddr_un pads an abstract name.
    send($s, $text, 0, pack("Sa*", AF_UNIX, $to)) // print "send: $!\n";
    print "sent\n";
}

for my $name (qw(HUP INT QUIT USR1 USR2 ABRT)) {
    $SIG{$name} = sub { print "got $name\n" };
}
$SIG{TERM} = sub { print "got TERM\n"; exit 0 };
open my $commands, '+<', $ARGV[0] or die $!;
print "ready $$\n";
print "watchdog ", $ENV{WATCHDOG_USEC} // 'none', " ", $ENV{WATCHDOG_PID} // 'none', "\n";
my $select = IO::Select->new($commands);
my ($web, $status, $rest);
$rest = '';
while (1) {
    for my $ready ($select->can_read(0.1)) {    # in short steps: a signal right before the wait would be lost
        if ($web && $ready == $web) {
            my $client = $web->accept or next;
            my $line = <$client>;
            print $client "HTTP/1.0 $status X\r\nContent-Length: 0\r\n\r\n";
            close $client;
            next;
        }
        sysread $commands, $rest, 4096, length $rest or next;
        while ($rest =~ s/^([^\n]*)\n//) { command($1) }
    }
}

sub command {
    my ($verb, $text) = split / /, shift, 2;
    if ($verb eq 'send') { notify($text) }
    elsif ($verb eq 'print') { print "$text\n" }
    elsif ($verb eq 'warn') { print STDERR "$text\n" }
    elsif ($verb eq 'listen') {
        $keep{$text} = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $text, Listen => 5, ReuseAddr => 1)
            or die "listen: $!";
        print "listening\n";
    }
    elsif ($verb eq 'http') {
        $status = $text;
        if (!$web) {
            $web = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ENV{TEST_PORT} || 0, Listen => 5, ReuseAddr => 1)
                or die "listen: $!";
            $select->add($web);
        }
        print "port ", $web->sockport, "\n";
    }
    elsif ($verb eq 'exit') { exit $text }
    elsif ($verb eq 'die') { $SIG{$text} = 'DEFAULT'; kill $text, $$; sleep 1 while 1 }
    elsif ($verb eq 'stubborn') { $SIG{TERM} = sub { print "got TERM\n" }; print "stubborn\n" }
    elsif ($verb eq 'linger') { notify('STOPPING=1') }
    elsif ($verb eq 'main') {
        my $pid = fork;
        if (!$pid) {
            $SIG{USR1} = sub { POSIX::_exit(7) };
            $SIG{TERM} = sub { print "main got TERM\n"; POSIX::_exit(8) };
            notify("MAINPID=$$");
            print "main $$\n";
            sleep 1 while 1;
        }
    }
}
