/**
 * What a run says while it works: events of a type each, with figures and no sentences. Whoever
 * listens turns them into words.
 */
package shallows.pipeline.event;
