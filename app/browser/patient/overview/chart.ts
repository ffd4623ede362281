/** A measurement over time, drawn by uPlot. Loaded when the first chart comes into sight; the table beside it holds the data. */

import uPlot from "uplot";

import { month, number } from "../../ui/formats";
import type { Series } from "../portrait/results";

const HEIGHT = 180;
/** Lines differ by dash too, never by colour alone. */
export const DASHES: readonly (readonly number[])[] = [[], [6, 4], [2, 3]];

const colour = (variable: string): string => getComputedStyle(document.documentElement).getPropertyValue(variable).trim();

/** Draws into `place`, and again when its width or the page's colours change, until `left`. */
export function draw(place: HTMLElement, series: Series, left: AbortSignal): void {
  const plot = new uPlot(options(series, place.clientWidth), dataOf(series), place);
  const sized = new ResizeObserver(() => {
    if (place.clientWidth > 0 && place.clientWidth !== plot.width) plot.setSize({ width: place.clientWidth, height: HEIGHT });
  });
  const redraw = (): void => plot.redraw(false, true);
  const themed = new MutationObserver(redraw);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  sized.observe(place);
  themed.observe(document.documentElement, { attributes: true, attributeFilter: ["data-theme"] });
  dark.addEventListener("change", redraw, { signal: left });
  left.addEventListener("abort", () => {
    sized.disconnect();
    themed.disconnect();
    plot.destroy();
  });
}

function dataOf({ points, lines }: Series): uPlot.AlignedData {
  const times = points.map(({ when }) => when.start / 1000);
  return [times, ...lines.map((_, line) => points.map(({ values }) => values[line] ?? null))];
}

function options(series: Series, width: number): uPlot.Options {
  const ink = (): string => colour("--quiet");
  const axis = { stroke: ink, grid: { stroke: () => colour("--line"), width: 1 }, ticks: { show: false }, font: "12px system-ui" };
  return {
    width,
    height: HEIGHT,
    legend: { show: false },
    cursor: { show: false },
    padding: [12, 32, 0, 0],
    scales: { x: { time: true, range: xRange }, y: { range: yRange } },
    axes: [
      { ...axis, space: 90, values: (_plot, ticks) => labels(ticks) },
      { ...axis, size: 48, values: (_plot, ticks) => ticks.map(number) },
    ],
    series: [
      {},
      ...series.lines.map((_, line) => ({
        stroke: () => colour(line === 0 ? "--accent" : "--quiet"),
        width: 2,
        dash: [...(DASHES[line % DASHES.length] ?? [])],
        spanGaps: true,
        points: { show: true, size: 7, fill: () => colour(line === 0 ? "--accent" : "--paper") },
      })),
    ],
    hooks: { drawClear: [(plot) => shadeUsual(plot, series)] },
  };
}

/** Months; of several in one month the first alone says it. */
function labels(ticks: readonly number[]): string[] {
  const words = ticks.map((seconds) => month(new Date(seconds * 1000)));
  return words.map((word, at) => (word === words[at - 1] ? "" : word));
}
const DAY = 86_400;

/** A single day would have no width. */
function xRange(_plot: uPlot, from: number, until: number): uPlot.Range.MinMax {
  const margin = Math.max((until - from) * 0.04, DAY);
  return [from - margin, until + margin];
}

function yRange(_plot: uPlot, low: number, high: number): uPlot.Range.MinMax {
  const margin = Math.max((high - low) * 0.15, Math.abs(high) * 0.02, 0.1);
  return [low - margin, high + margin];
}

/** The newest usual range of a measurement with one line, as a band behind it. */
function shadeUsual(plot: uPlot, { lines, points, like }: Series): void {
  const usual = lines.length === 1 ? points.at(-1)?.ranges[0] : null;
  const [low, high] = [usual?.low ?? null, usual?.high ?? null];
  const sameUnit = [low, high].every((end) => end === null || (end.unit === like.unit && end.code === like.code));
  if ((low === null && high === null) || !sameUnit) return;
  const { left, top, width, height } = plot.bbox;
  const at = (value: number): number => Math.min(top + height, Math.max(top, plot.valToPos(value, "y", true)));
  const upper = high === null ? top : at(high.value);
  const lower = low === null ? top + height : at(low.value);
  plot.ctx.save();
  plot.ctx.fillStyle = colour("--accent-ground");
  plot.ctx.fillRect(left, upper, width, Math.max(0, lower - upper));
  plot.ctx.restore();
}
