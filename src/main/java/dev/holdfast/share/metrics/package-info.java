/** The numbers of shared servers, as Prometheus reads them. On the second class path, with the libraries of {@code lib/serve}. */
@NullMarked
package dev.holdfast.share.metrics;

import org.jspecify.annotations.NullMarked;
