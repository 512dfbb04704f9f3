/**
 * Measurements inside one JVM, by JMH. Run by {@code src/bench/run --only library,processes}, which also makes them by
 * the Maven profile {@code bench}; start with {@link dev.holdfast.bench.LockBenchmark}.
 */
package dev.holdfast.bench;
