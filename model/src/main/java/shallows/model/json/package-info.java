/**
 * All JSON of ours: a record is written as Gson writes it, and read back so that nothing passes
 * silently. What a key means stands at the record, which checks itself.
 */
package shallows.model.json;
