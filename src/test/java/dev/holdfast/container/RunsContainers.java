package dev.holdfast.container;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/** A class whose tests run containers; it gets an {@link Engine} as a parameter. The first one builds the images. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Tag("container")
@Timeout(180)
@ExtendWith(EngineExtension.class)
@interface RunsContainers {}
