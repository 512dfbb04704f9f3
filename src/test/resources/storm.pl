#!/usr/bin/perl
# A fork storm: storm.pl SECONDS CHAINS LIFE group|sessions [MARK]
# A server that ignores TERM, and chains of processes that ignore it, too: each lives so many seconds, forks the next one
# and ends, so that a list of them is soon out of date. With "sessions" each has a session of its own, where no signal to
# a group finds it. As many live as there are chains, and all end by themselves after some seconds, whatever happens.
# Says "ready PID" when all chains run.
use strict;
use warnings;
use POSIX ();
my ($seconds, $chains, $life, $kind) = @ARGV;
$| = 1;
$SIG{TERM} = 'IGNORE';
my $end = time + $seconds;
for (1 .. $chains) {
    next if fork;
    while (time < $end) {
        select undef, undef, undef, $life if $life;
        my $next = fork;
        POSIX::_exit(0) if $next;
        POSIX::setsid() if $kind eq 'sessions';
    }
    POSIX::_exit(0);
}
print "ready $$\n";
select undef, undef, undef, 0.1 while time < $end;
