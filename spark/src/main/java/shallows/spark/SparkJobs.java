package shallows.spark;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.apache.spark.SimpleFutureAction;
import org.apache.spark.SparkException;
import org.apache.spark.Success$;
import org.apache.spark.TaskKilled;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.scheduler.SparkListenerTaskStart;
import scala.jdk.javaapi.CollectionConverters;
import scala.runtime.BoxedUnit;
import shallows.model.BadInputException;
import shallows.model.Failure;
import shallows.model.Phrase;
import shallows.train.jobs.JobChain;
import shallows.train.jobs.JobRunner;
import shallows.train.jobs.Jobs;
import shallows.train.options.Compute;

/**
 * Chains of jobs on Apache Spark, one a task. Spark gives a chain to another executor when it has
 * lost the first; what was done of it by then stays done, and a training goes on from its last
 * checkpoint.
 */
final class SparkJobs implements JobRunner {
  private static final String LIST = "shallows.list";
  private static final int LOOK_MS = 1_000;
  private static final long NOBODY_CAME_NS = TimeUnit.SECONDS.toNanos(30);

  private final Supplier<JavaSparkContext> start;
  private final Compute compute;
  private final Consumer<String> remark;

  /** Null until the first list that has something to do. */
  private JavaSparkContext spark;

  /**
   * @param start begins an application; called once at most
   */
  SparkJobs(Supplier<JavaSparkContext> start, Compute compute, Consumer<String> remark) {
    this.start = start;
    this.compute = compute;
    this.remark = remark;
  }

  @Override
  public void run(List<JobChain> chains, Jobs jobs, Runnable afterEach) {
    List<JobChain> open = chains.stream().filter(chain -> !chain.isFinished(jobs)).toList();
    if (open.isEmpty()) {
      return;
    }
    if (spark == null) {
      spark = start.get();
    }
    // What Spark's threads have to tell, for the calling thread to do.
    LinkedBlockingQueue<Runnable> news = new LinkedBlockingQueue<>();
    Telling telling = new Telling(open, news, jobs.begun(), spark.isLocal());
    SharedFolder folder = SharedFolder.hold(jobs.root());
    spark.sc().addSparkListener(telling);
    // What Spark tells of this list has it; events of the list before may still be on their way.
    spark.setLocalProperty(LIST, telling.list);
    try {
      Preflight preflight = Preflight.of(jobs.root());
      SimpleFutureAction<Object> all =
          submit(open, new ChainTask(preflight, width(jobs)), news, afterEach);
      await(all, news, telling);
    } finally {
      // After a failure the others need not be waited for; after success there are none.
      spark.sc().cancelAllJobs();
      spark.sc().removeSparkListener(telling);
      spark.setLocalProperty(LIST, null);
      folder.close();
    }
  }

  /** Whether its bytes are to be those of every processor is known where the list is made. */
  private Compute width(Jobs jobs) {
    return compute.withReproducible(jobs.compute().reproducible());
  }

  private SimpleFutureAction<Object> submit(
      List<JobChain> chains,
      ChainTask task,
      LinkedBlockingQueue<Runnable> news,
      Runnable afterEach) {
    RDD<ChainTask.Outcome> outcomes = spark.parallelize(chains, chains.size()).map(task).rdd();
    List<Object> partitions =
        IntStream.range(0, chains.size()).mapToObj(Object.class::cast).toList();
    return spark
        .sc()
        .submitJob(
            outcomes,
            new FirstOf(),
            CollectionConverters.asScala(partitions).toSeq(),
            (partition, outcome) -> {
              news.add(() -> heard(outcome, afterEach));
              return BoxedUnit.UNIT;
            },
            () -> BoxedUnit.UNIT);
  }

  private static void heard(ChainTask.Outcome outcome, Runnable afterEach) {
    Failure failure = outcome.failure();
    if (failure == null) {
      afterEach.run();
      return;
    }
    boolean somewhere = !failure.where().toString().isEmpty();
    throw new BadInputException(
        new Failure(
            Phrase.of(somewhere ? "%s: %s" : "%s%s", outcome.host(), failure.where()),
            failure.expected(),
            failure.found(),
            failure.remedy()),
        null);
  }

  private void await(
      SimpleFutureAction<Object> all, LinkedBlockingQueue<Runnable> news, Telling telling) {
    long begin = System.nanoTime();
    boolean told = false;
    try {
      while (!all.isCompleted()) {
        Runnable next = news.poll(LOOK_MS, TimeUnit.MILLISECONDS);
        if (next != null) {
          next.run();
        }
        if (!told && !telling.hasBegun() && System.nanoTime() - begin > NOBODY_CAME_NS) {
          told = true;
          remark.accept(
              "no executor has come yet; does the cluster have "
                  + spark.getConf().get("spark.executor.cores", "1")
                  + " free cores and "
                  + spark.getConf().get("spark.executor.memory", "1g")
                  + " of memory on one machine?");
        }
      }
      for (Runnable next = news.poll(); next != null; next = news.poll()) {
        next.run();
      }
      all.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while Spark was at work", e);
    } catch (SparkException e) {
      throw new BadInputException(
          "Spark",
          "that the executors do the jobs",
          String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          "their logs have more; the same command goes on where it was",
          e);
    }
  }

  @Override
  public void close() {
    if (spark != null) {
      spark.close();
    }
  }

  /** Says of each chain where it begins, and where it was lost. */
  private final class Telling extends SparkListener {
    private final String list = UUID.randomUUID().toString();

    /** Of this list; Spark's thread alone has it. */
    private final Set<Integer> stages = new HashSet<>();

    private final List<JobChain> chains;
    private final LinkedBlockingQueue<Runnable> news;
    private final Consumer<String> begun;
    private final boolean local;
    private volatile boolean anyBegun;

    Telling(
        List<JobChain> chains,
        LinkedBlockingQueue<Runnable> news,
        Consumer<String> begun,
        boolean local) {
      this.chains = chains;
      this.news = news;
      this.begun = begun;
      this.local = local;
    }

    boolean hasBegun() {
      return anyBegun;
    }

    @Override
    public void onJobStart(SparkListenerJobStart start) {
      if (list.equals(start.properties().getProperty(LIST))) {
        CollectionConverters.asJava(start.stageInfos())
            .forEach(stage -> stages.add(stage.stageId()));
      }
    }

    @Override
    public void onTaskStart(SparkListenerTaskStart start) {
      if (!stages.contains(start.stageId())) {
        return;
      }
      anyBegun = true;
      String name = name(start.taskInfo().partitionId());
      String line = local ? name : name + " on " + start.taskInfo().host();
      news.add(() -> begun.accept(line));
    }

    @Override
    public void onTaskEnd(SparkListenerTaskEnd end) {
      // One that was ended because another did the same chain is not lost.
      if (stages.contains(end.stageId())
          && end.reason() != Success$.MODULE$
          && !(end.reason() instanceof TaskKilled)) {
        String line = name(end.taskInfo().partitionId()) + " was lost on " + end.taskInfo().host();
        news.add(() -> remark.accept(line));
      }
    }

    private String name(int partition) {
      return chains.get(partition).name();
    }
  }
}
