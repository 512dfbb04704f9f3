/**
 * Holdfast in real containers, by podman and runc: the image of {@code docker/Dockerfile}, its examples, and what happens
 * between containers. Skipped with a word where podman is missing.
 */
package dev.holdfast.container;
