package shallows.train.engine;

/**
 * What a step of training reads.
 *
 * @param pixels normalized, {@code (N, H, W, C)}
 * @param targets a distribution over the classes for each image, times what the image counts for,
 *     {@code (N, classes)}
 * @param count N, at least 1; the arrays may be longer
 * @param gates which branches run, for which images
 * @param dropoutSeed of the masks that dropout draws: the same seed, the same masks, in however
 *     many parts and threads. Whoever trains gives every step its own
 */
public record StepInput(
    float[] pixels, float[] targets, int count, Gates gates, long dropoutSeed) {}
