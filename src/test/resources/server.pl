#!/usr/bin/perl
# The server of the process tests, driven by its arguments:
#   ignore=TERM,INT  goes on after these signals      exit=N       exits with N when it is told to stop (default 0)
#   slow=MS          takes so long to stop            child        has a child that ignores all four stop signals
#   setsid           has such a child in a session of its own, forked twice, so that it is nobody's child
#   close            closes all descriptors above 2   eof          exits with 0 at the end of its input
#   code=N           exits with N at once             cat          copies its input to its output
# Says "ready PID" when its handlers are there, "child PID" for each child, "got SIGNAL" for each signal.
use strict;
use warnings;
use POSIX ();
$| = 1;
my (%ignore, $exit, $slow, $stop);
($exit, $slow) = (0, 0);
my %want;
for (@ARGV) {
    if (/^ignore=(.*)/) { $ignore{$_} = 1 for split /,/, $1 }
    elsif (/^exit=(\d+)/) { $exit = $1 }
    elsif (/^slow=(\d+)/) { $slow = $1 / 1000 }
    elsif (/^code=(\d+)/) { $want{code} = $1 }
    else { $want{$_} = 1 }
}
if ($want{close}) { POSIX::close($_) for 3 .. 1100 }
for my $name (qw(HUP INT QUIT TERM)) {
    $SIG{$name} = sub { print "got $name\n"; $stop = 1 unless $ignore{$name} };
}
for my $name (qw(USR1 USR2 WINCH ALRM CONT)) {
    $SIG{$name} = sub { print "got $name\n" };
}
sub stubborn {
    $SIG{$_} = 'IGNORE' for qw(HUP INT QUIT TERM);
    print "child $$\n";
    sleep 1 while 1;
}
if ($want{child}) { my $pid = fork; stubborn() unless $pid }
if ($want{setsid}) {
    my $pid = fork;
    if (!$pid) { POSIX::setsid(); exit 0 if fork; stubborn() }
    waitpid $pid, 0;
}
print "ready $$\n";
if (defined $want{code}) { exit $want{code} }
if ($want{eof} || $want{cat}) {
    while (!$stop) {
        vec(my $bits = '', 0, 1) = 1;
        next if select($bits, undef, undef, 0.1) < 1;    # in short steps: a signal right before a read would be lost
        my $n = sysread STDIN, my $data, 65536;
        next if !defined $n;
        if ($n == 0) { print "eof\n" if $want{eof}; exit 0 }
        syswrite STDOUT, $data if $want{cat};
    }
}
until ($stop) { select undef, undef, undef, 0.1 }
select undef, undef, undef, $slow if $slow;
exit $exit;
