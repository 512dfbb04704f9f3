#!/usr/bin/perl
# Runs a command to which a seccomp filter refuses a system call with EPERM, as filters do that are older than the call:
# refuse.pl NUMBER COMMAND...
use strict;
use warnings;
my $number = shift;
my ($SYS_prctl) = `uname -m` =~ /^x86_64/ ? 157 : 167;
my ($PR_SET_NO_NEW_PRIVS, $PR_SET_SECCOMP, $SECCOMP_MODE_FILTER) = (38, 22, 2);
my ($EPERM, $RET_ERRNO, $RET_ALLOW) = (1, 0x00050000, 0x7fff0000);
my $program = pack('(S C C L)*',
    0x20, 0, 0, 0,                      # load the call's number
    0x15, 0, 1, $number,                # the one?
    0x06, 0, 0, $RET_ERRNO | $EPERM,
    0x06, 0, 0, $RET_ALLOW);
my $filter = pack('S x6 P', length($program) / 8, $program);
syscall($SYS_prctl, $PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 or die "no_new_privs: $!";
syscall($SYS_prctl, $PR_SET_SECCOMP, $SECCOMP_MODE_FILTER, $filter, 0, 0) == 0 or die "seccomp: $!";
exec @ARGV;
die $!;
