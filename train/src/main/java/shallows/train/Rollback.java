package shallows.train;

/**
 * One time that a training diverged and went back.
 *
 * @param epoch in which it diverged, from 1
 * @param step of the whole training at which it did, from 1
 * @param loss NaN or infinite, as text: JSON has no such numbers
 * @param learningRate of that step
 * @param backTo how many steps were done at the checkpoint it went back to
 */
public record Rollback(int epoch, long step, String loss, double learningRate, long backTo) {}
