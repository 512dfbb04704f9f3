#!/usr/bin/perl
# refuse.pl NAME[,NAME] COMMAND...: a seccomp filter that refuses system calls with EPERM, as the profiles of old container
# engines do with those that are newer than they are; then COMMAND.
use strict;
use warnings;
use POSIX ();

my $is_arm = (POSIX::uname())[4] eq 'aarch64';

my %numbers = (
    kill              => [62,  129],
    pidfd_send_signal => [424, 424],
    faccessat2        => [439, 439],
    statx             => [332, 291],
    getpgid           => [121, 155],
    setpgid           => [109, 154],
    waitid            => [247, 95],
    poll              => [7,   73],
);
my $prctl = $is_arm ? 167 : 157;
my ($PR_SET_NO_NEW_PRIVS, $PR_SET_SECCOMP, $SECCOMP_MODE_FILTER) = (38, 22, 2);
my ($LOAD_NUMBER, $JUMP_IF_EQUAL, $RETURN) = (0x20, 0x15, 0x06);
my ($ALLOW, $EPERM) = (0x7fff0000, 0x00050001);

my @refused = map { ($numbers{$_} or die "no number of $_\n")->[$is_arm ? 1 : 0] } split /,/, shift @ARGV;
my $program = pack 'SCCL', $LOAD_NUMBER, 0, 0, 0;
for my $at (0 .. $#refused) {
    $program .= pack 'SCCL', $JUMP_IF_EQUAL, $#refused - $at + 1, 0, $refused[$at];
}
$program .= pack 'SCCL', $RETURN, 0, 0, $ALLOW;
$program .= pack 'SCCL', $RETURN, 0, 0, $EPERM;
my $filter = pack 'Sx6P', length($program) / 8, $program;
syscall($prctl, $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or die "no_new_privs: $!\n";
syscall($prctl, $PR_SET_SECCOMP, $SECCOMP_MODE_FILTER, $filter, 0, 0) == 0 or die "seccomp: $!\n";
exec @ARGV or die "$ARGV[0]: $!\n";
