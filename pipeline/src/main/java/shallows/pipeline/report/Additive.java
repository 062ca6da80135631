package shallows.pipeline.report;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A member of {@code report.json} beyond the contract: a file without it is whole. Such members
 * only ever come after those of the contract, so a reader of the contract never notices them.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
@interface Additive {}
