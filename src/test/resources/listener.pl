# A server that has not opened its socket itself: answers each HTTP request with its pid, and finishes it before it ends.
# usage: perl listener.pl [DESCRIPTOR]
use strict;
use warnings;
use Socket;

$| = 1;
my $fd = shift // 3;
open(my $socket, '+<&=', $fd) or die "no socket at descriptor $fd: $!\n";
getsockname($socket) or die "descriptor $fd is no socket: $!\n";
my $stop = 0;
$SIG{TERM} = sub { $stop = 1 };
$SIG{PIPE} = 'IGNORE';
print join(' ', 'listening', map { "$_=" . ($ENV{$_} // '') } qw(LISTEN_FDS LISTEN_FDNAMES HOLDFAST_LISTEN)),
    ($ENV{LISTEN_PID} // 0) == $$ ? ' mine' : '', "\n";
while (!$stop) {
    my $bits = '';
    vec($bits, $fd, 1) = 1;
    next if select($bits, undef, undef, 0.05) < 1;    # so that a TERM at any moment is seen
    accept(my $client, $socket) or next;
    while (defined(my $line = <$client>)) {
        last if $line =~ /^\r?\n$/;
    }
    syswrite($client, sprintf("HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s", length($$), $$));
    close($client);
}
print "stopped\n";
