package shallows.train.torch;

/**
 * What came of a step of training, before its update.
 *
 * @param losses of each image, in nats: −Σ_k t_k·log softmax(z)_k for logits z and targets t
 * @param loss their mean
 * @param right how many images have z and t largest in one place, the first of equals
 */
public record StepOutcome(float[] losses, float loss, int right) {}
