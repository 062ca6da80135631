package shallows.spark;

import java.io.Serializable;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction1;

/** The only element of a partition, as what Spark gives back of it. */
final class FirstOf extends AbstractFunction1<Iterator<ChainTask.Outcome>, ChainTask.Outcome>
    implements Serializable {
  private static final long serialVersionUID = 1;

  @Override
  public ChainTask.Outcome apply(Iterator<ChainTask.Outcome> outcomes) {
    return outcomes.next();
  }
}
