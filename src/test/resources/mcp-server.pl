#!/usr/bin/perl
# A server of the Model Context Protocol on stdio, and as bad a one as a test wants: mcp-server.pl FOLDER [OPTION...]
# Writes what it gets to FOLDER/received, "PID LINE" each, and each call that it carries out to FOLDER/executions.
#   strict       ends with 3 at any request before initialize       deaf         never reads
#   noise        prints what is no message, before and behind each   stays        goes on after the end of its input
#   modern       takes no initialize                                 isolated     says that it must not be shared
#   dual         takes server/discover, too
# A file FOLDER/version has the version that it answers with, instead of the one that it is asked for.
# Tools, by their names and arguments: echo text | slow ms | progress count more (bytes of each) | big bytes | die | hang | pid
#   print text | warn text (on stderr)
#   ask method (a request of its own, whose answer it gives back) | tell method uri level (a notification) | close (its stdout)
use strict;
use warnings;
use POSIX ();
$| = 1;
my $folder = shift;
my %is = map { $_ => 1 } @ARGV;
my $is_initialized = 0;
my @later;    # [time, line]
my %asked;    # own request's id => the call's
my $own = 1000;

sub note {
    my ($file, $text) = @_;
    open my $out, '>>', "$folder/$file" or die $!;
    syswrite $out, "$$ " . substr($text, 0, 2000) . "\n";
    close $out;
}

sub say_line {
    my $rest = shift . "\n";
    $rest = "Server is busy\n{\"half\":\n\xff\xfe\n\n$rest\[1,\n" if $is{noise};
    while (length $rest) {
        my $n = syswrite STDOUT, $rest;
        next if !defined $n && $!{EINTR};
        defined $n or POSIX::_exit(4);
        substr $rest, 0, $n, '';
    }
}

sub result { say_line("{\"jsonrpc\":\"2.0\",\"id\":$_[0],\"result\":$_[1]}") }
sub failure { say_line("{\"jsonrpc\":\"2.0\",\"id\":$_[0],\"error\":{\"code\":$_[1],\"message\":\"$_[2]\"}}") }
sub content { "{\"content\":[{\"type\":\"text\",\"text\":\"$_[0]\"}]}" }

sub tool {
    my ($id, $line) = @_;
    my ($name) = $line =~ /"name":"([\w-]+)"/;
    my ($text) = $line =~ /"text":"([^"]*)"/;
    my ($number) = $line =~ /"(?:ms|count|bytes)":(\d+)/;
    note('executions', $name . ' ' . ($text // $number // ''));
    if ($name eq 'echo') { result($id, content($text)) }
    elsif ($name eq 'slow') { push @later, [now() + $number / 1000, $id, content("slept $number")] }
    elsif ($name eq 'progress') {
        my ($token) = $line =~ /"progressToken":("[^"]*"|-?\d+)/;
        my ($more) = $line =~ /"more":(\d+)/;
        my $text = defined $more ? ',"message":"' . 'x' x $more . '"' : '';
        for (1 .. $number) {
            say_line("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":$token,"
                . "\"progress\":$_$text}}") if defined $token;
        }
        result($id, content("progressed $number"));
    }
    elsif ($name eq 'big') { result($id, content('x' x $number)) }
    elsif ($name eq 'die') { kill 'KILL', $$; sleep 1 while 1 }
    elsif ($name eq 'hang') { }
    elsif ($name eq 'pid') { result($id, content($$)) }
    elsif ($name eq 'print') { syswrite STDOUT, "$text\n"; result($id, content('printed')) }
    elsif ($name eq 'warn') { syswrite STDERR, "$text\n"; result($id, content('warned')) }
    elsif ($name eq 'close') { POSIX::close(1) }
    elsif ($name eq 'ask') {
        my ($method) = $line =~ /"ask":"([^"]*)"/;
        $asked{++$own} = $id;
        say_line("{\"jsonrpc\":\"2.0\",\"id\":$own,\"method\":\"$method\",\"params\":{}}");
    }
    elsif ($name eq 'tell') {
        my ($method) = $line =~ /"tell":"([^"]*)"/;
        my ($uri) = $line =~ /"uri":"([^"]*)"/;
        my ($level) = $line =~ /"level":"([^"]*)"/;
        my $params = defined $uri ? "\"uri\":\"$uri\"" : defined $level ? "\"level\":\"$level\",\"data\":\"$level\"" : '';
        say_line("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/$method\",\"params\":{$params}}");
        result($id, content('told'));
    }
    else { failure($id, -32602, 'no such tool') }
}

sub initialize {
    my ($id, $line) = @_;
    return failure($id, -32022, 'unsupported protocol version') if $is{modern};
    my ($version) = $line =~ /"protocolVersion":"([^"]*)"/;
    if (open my $in, '<', "$folder/version") { chomp($version = <$in>) }
    my $sharing = $is{isolated} ? ',"experimental":{"x-mux":{"sharing":"isolated"}}' : '';
    $is_initialized = 1;
    result($id, "{\"protocolVersion\":\"$version\",\"capabilities\":{\"tools\":{\"listChanged\":true},\"logging\":{},"
        . "\"resources\":{\"subscribe\":true,\"listChanged\":true}$sharing},"
        . '"serverInfo":{"name":"scripted","version":"1"}}');
}

sub line {
    my $line = shift;
    note('received', $line);
    my ($method) = $line =~ /"method":"([^"]*)"/;
    my ($id) = $line =~ /"id":("[^"]*"|-?\d+)/;
    if (!defined $method) {
        my $call = delete $asked{$id // ''};
        my ($answer) = $line =~ /"((?:result|error)":\{[^}]*)/;
        $answer =~ s/["\\]//g if defined $answer;
        result($call, content($answer)) if defined $call;
        return;
    }
    return if !defined $id;
    POSIX::_exit(3) if $is{strict} && !$is_initialized && $method ne 'initialize';
    if ($method eq 'initialize') { initialize($id, $line) }
    elsif ($method eq 'server/discover' && ($is{modern} || $is{dual})) { result($id, '{"supportedVersions":["2026-07-28"]}') }
    elsif ($method eq 'subscriptions/listen' && $is{modern}) {
        say_line('{"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{'
            . "\"io.modelcontextprotocol/subscriptionId\":$id}}}");
    }
    elsif ($method eq 'ping') { result($id, '{}') }
    elsif ($method eq 'tools/call') { tool($id, $line) }
    elsif ($method eq 'tools/list') { result($id, '{"tools":[{"name":"echo","inputSchema":{"type":"object"}}]}') }
    elsif ($method =~ m{^resources/(un)?subscribe$} && $line =~ /refused/) { failure($id, -32602, 'no such resource') }
    elsif ($method =~ m{^resources/(un)?subscribe$|^logging/setLevel$}) { result($id, '{}') }
    else { failure($id, -32601, 'no such method') }
}

sub now { (POSIX::times())[0] / 100 }    # seconds, of which the smallest perl knows no parts otherwise

my ($input, $is_open) = ('', 1);
while (1) {
    my $time = now();    # once: what falls due between two looks would be in neither list
    my @due = grep { $_->[0] <= $time } @later;
    @later = grep { $_->[0] > $time } @later if @due;
    result($_->[1], $_->[2]) for @due;
    if (!$is_open && !@later && !$is{stays}) { exit 0 }
    my $bits = '';
    vec($bits, 0, 1) = 1 if $is_open && !$is{deaf};
    next if select($bits, undef, undef, @later ? 0.01 : 0.1) < 1;    # in short steps: for a signal, and for what is due
    my $n = sysread STDIN, $input, 65536, length $input;
    next if !defined $n;
    $is_open = 0 if $n == 0;
    line($1) while $input =~ s/\A([^\n]*)\n//;
}
