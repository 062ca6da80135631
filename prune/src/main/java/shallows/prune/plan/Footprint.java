package shallows.prune.plan;

/**
 * What a network costs where it will run.
 *
 * @param bytes it takes there
 * @param macs multiply-accumulates for one image
 * @param latency of one image in ms; null where nobody asks for it
 */
public record Footprint(long bytes, long macs, Double latency) {}
