#!/usr/bin/perl
# A client that starts a server and talks to it by its stdin: client.pl pipe|socketpair|null COMMAND...
# Says "client PID" and "launcher PID", closes the server's stdin at the end of its own, and exits as the command does.
use strict;
use warnings;
use Socket;
$| = 1;
my $kind = shift;
my ($theirs, $ours);
if ($kind eq 'pipe') { pipe $theirs, $ours or die $! }
elsif ($kind eq 'socketpair') { socketpair $theirs, $ours, AF_UNIX, SOCK_STREAM, PF_UNSPEC or die $! }
else { open $theirs, '<', '/dev/null' or die $!; open $ours, '>', '/dev/null' or die $! }
my $pid = fork // die $!;
if (!$pid) {
    open STDIN, '<&', $theirs or die $!;
    exec @ARGV;
    die $!;
}
close $theirs;
print "client $$\nlauncher $pid\n";
1 while sysread STDIN, my $data, 4096;
# Node ends a child's input by closing one direction only, which is no hang-up for poll(2).
$kind eq 'socketpair' ? shutdown $ours, 1 : close $ours;
waitpid $pid, 0;
exit($? & 127 ? 128 + ($? & 127) : $? >> 8);
