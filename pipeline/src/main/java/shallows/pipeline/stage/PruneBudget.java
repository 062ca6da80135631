package shallows.pipeline.stage;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import shallows.export.ExportSettings;
import shallows.model.Setting;
import shallows.model.graph.Cost;
import shallows.model.graph.Graph;
import shallows.pipeline.folder.PruneSettings;
import shallows.prune.plan.Budget;
import shallows.prune.plan.FamilyMember;
import shallows.prune.plan.FamilySize;
import shallows.prune.plan.FootprintMeter;
import shallows.prune.plan.Limit;

/**
 * The limits of a pruning in absolute terms. A share is one of the full network, counted in the
 * same way.
 *
 * @param export what will be exported
 * @param full the network to prune
 */
record PruneBudget(PruneSettings settings, ExportSettings export, Graph full) {

  Budget budget() {
    FootprintMeter meter = meter();
    return new Budget(
        settings.maxDrop(),
        settings.maxBytes() == null
            ? OptionalLong.empty()
            : OptionalLong.of(
                Limit.parse(Setting.MAX_BYTES, settings.maxBytes()).of(meter.bytes(full))),
        settings.maxMacs() == null
            ? OptionalLong.empty()
            : OptionalLong.of(
                Limit.parse(Setting.MAX_MACS, settings.maxMacs()).of(Cost.of(full).macs())),
        settings.maxLatency() == null
            ? OptionalDouble.empty()
            : OptionalDouble.of(
                Limit.parseMilliseconds(Setting.MAX_LATENCY, settings.maxLatency())
                    .of(meter.latency(full))),
        meter);
  }

  /** The sizes of a family; empty where none was asked for. */
  List<FamilyMember> members() {
    if (settings.family() == null) {
      return List.of();
    }
    FootprintMeter meter = meter();
    long bytes = meter.bytes(full);
    return FamilySize.parse(settings.family()).stream()
        .map(
            size ->
                new FamilyMember(
                    size.name(),
                    new Budget(
                        settings.maxDrop(),
                        OptionalLong.of(size.bytes().of(bytes)),
                        OptionalLong.empty(),
                        OptionalDouble.empty(),
                        meter)))
        .toList();
  }

  private FootprintMeter meter() {
    return new ExportedFootprint(export.precisions(), export.int8());
  }
}
