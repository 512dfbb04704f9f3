package dev.holdfast.supervise;

import dev.holdfast.posix.signals.Signals;
import dev.holdfast.process.Delivery;
import dev.holdfast.process.ProcessIdentity;
import dev.holdfast.settings.SignalTarget;
import java.util.ArrayList;
import java.util.List;

/** A server's tree without processes: what it has got is written down, and what it answers is set by the test. */
final class ScriptedTree implements ServerTree {
    final List<String> sent = new ArrayList<>();
    /** How many are left that end with the server. */
    int left;

    boolean refuses;
    boolean endsWithLauncher;
    private final int pid;
    private int main;
    private int asked;
    private boolean reaped;

    ScriptedTree(int pid) {
        this.pid = pid;
        main = pid;
    }

    private Delivery send(String what) {
        sent.add(what);
        if (refuses) {
            return Delivery.REFUSED;
        }
        return reaped ? Delivery.GONE : Delivery.SENT;
    }

    @Override
    public int pid() {
        return pid;
    }

    @Override
    public int mainPid() {
        return main;
    }

    @Override
    public int mainDescriptor() {
        return -1;
    }

    @Override
    public boolean endsWithLauncher() {
        return endsWithLauncher;
    }

    @Override
    public boolean isReaped() {
        return reaped;
    }

    @Override
    public boolean hasEnded(int child) {
        boolean isServer = child == main && !reaped;
        reaped |= isServer;
        return isServer;
    }

    @Override
    public boolean hasLostMain() {
        main = pid;
        return reaped;
    }

    @Override
    public boolean tryMain(long process) {
        main = (int) process;
        return true;
    }

    @Override
    public Delivery signal(int number) {
        return number == 0 && refuses ? Delivery.REFUSED : send(Signals.name(number));
    }

    @Override
    public Delivery signalGroup(int number) {
        return send(Signals.name(number) + " group");
    }

    @Override
    public Delivery signal(int number, SignalTarget target) {
        return signal(number);
    }

    @Override
    public void wake() {}

    @Override
    public Reach terminateWhatEnds() {
        sent.add("TERM left");
        Reach reach = new Reach();
        for (; asked < left; asked++) {
            reach.count(pid + 1 + asked, Delivery.SENT);
        }
        return reach;
    }

    @Override
    public void helpersWereKilled(List<ProcessIdentity> helpers) {}

    @Override
    public Reach signalWhatEnds(int number) {
        sent.add(Signals.name(number) + " all");
        Reach reach = new Reach();
        for (int i = 0; i < left + (reaped ? 0 : 1); i++) {
            reach.count(pid + i, refuses ? Delivery.REFUSED : Delivery.SENT);
        }
        return reach;
    }

    @Override
    public boolean hasSomethingToEnd() {
        return left > 0;
    }

    @Override
    public String whatEnds() {
        return left + " left";
    }

    @Override
    public void close() {}
}
