#!/usr/bin/perl
# Starts a command and sends it a signal after some microseconds: race.pl SIGNAL MICROSECONDS COMMAND...
# Says "exit N" or "signal N" when the command has ended.
use strict;
use warnings;
my ($signal, $delay) = splice @ARGV, 0, 2;
my $pid = fork // die $!;
if (!$pid) { exec @ARGV; die $! }
$SIG{TERM} = sub { kill KILL => $pid; exit 1 };
select undef, undef, undef, $delay / 1e6;
kill $signal => $pid;
waitpid $pid, 0;
print $? & 127 ? 'signal ' . ($? & 127) : 'exit ' . ($? >> 8), "\n";
