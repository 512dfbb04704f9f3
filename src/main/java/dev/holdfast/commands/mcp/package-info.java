/**
 * The tools of AI clients by the Model Context Protocol, whose official library speaks it.
 *
 * <p>Start at {@link dev.holdfast.commands.mcp.ToolCatalog}, which has the tools, and {@link
 * dev.holdfast.commands.mcp.MessageServer}. What the tools answer is made by {@link
 * dev.holdfast.commands.health.ServerTools}.
 */
@NullMarked
package dev.holdfast.commands.mcp;

import org.jspecify.annotations.NullMarked;
