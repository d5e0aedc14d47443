/** A point of a plot, in the plot's own units. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** One line of a plot. */
export interface Series {
  readonly name: string;
  readonly colour: string;
  readonly points: readonly Point[];
  /** Number of the first point that was not measured: dashed and hollow from there on. */
  readonly guessedFrom?: number;
}

/** A plot with logarithmic axes: equal distances are equal factors. */
export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly xTicks: readonly number[];
  /** From the lowest to the highest value that is shown. */
  readonly yTicks: readonly { readonly value: number; readonly label: string }[];
  readonly series: readonly Series[];
}

const PANEL = { width: 440, height: 320, left: 64, right: 24, top: 44, bottom: 48 };
const INK = "#333333";
const GRID = "#dddddd";

/** Plots side by side as one SVG document: white behind them, text in the reader's sans-serif. */
export function svgOf(plots: readonly Plot[], description: string): string {
  const { width, height } = PANEL;
  const total = plots.length * width;
  const panels = plots.map((plot, index) => `<g transform="translate(${index * width} 0)">\n${panel(plot)}\n</g>`);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${total} ${height}" width="${total}" height="${height}" font-family="sans-serif" font-size="11" role="img">`,
    `<title>${escaped(description)}</title>`,
    `<rect width="${total}" height="${height}" fill="#ffffff"/>`,
    ...panels,
    "</svg>",
    "",
  ].join("\n");
}

interface Scale {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
}

function panel(plot: Plot): string {
  const { left, right, top, bottom, width, height } = PANEL;
  const yValues = plot.yTicks.map(({ value }) => value);
  const scale: Scale = {
    x: logScale(plot.xTicks, left, width - right),
    y: logScale(yValues, height - bottom, top),
  };
  return [
    text(plot.title, { x: left, y: 20, anchor: "start", more: ` font-size="13" font-weight="bold"` }),
    ...plot.yTicks.flatMap(({ value, label }) => [
      line({ x: left, y: scale.y(value) }, { x: width - right, y: scale.y(value) }, GRID),
      text(label, { x: left - 6, y: scale.y(value) + 4, anchor: "end" }),
    ]),
    ...plot.xTicks.map((value) =>
      text(String(value), { x: scale.x(value), y: height - bottom + 18, anchor: "middle" }),
    ),
    text(plot.xLabel, { x: (left + width - right) / 2, y: height - 10, anchor: "middle" }),
    ...plot.series.map((series) => drawn(series, scale)),
    ...plot.series.map((series, index) => legend(series, { x: left + 10, y: top + 14 + 15 * index })),
  ].join("\n");
}

function drawn({ colour, points, guessedFrom = points.length }: Series, scale: Scale): string {
  const at = points.map(({ x, y }) => ({ x: scale.x(x), y: scale.y(y) }));
  const measured = at.slice(0, guessedFrom);
  const guessed = at.slice(Math.max(0, guessedFrom - 1));
  return [
    polyline(measured, colour, ""),
    ...(guessed.length > 1 && guessedFrom < at.length ? [polyline(guessed, colour, ` stroke-dasharray="5 4"`)] : []),
    ...at.map(({ x, y }, index) => dot(x, y, { colour, hollow: index >= guessedFrom })),
  ].join("\n");
}

function legend({ name, colour }: Series, { x, y }: Point): string {
  const sample = polyline(
    [
      { x, y: y - 4 },
      { x: x + 16, y: y - 4 },
    ],
    colour,
    "",
  );
  return `${sample}\n${text(name, { x: x + 22, y, anchor: "start" })}`;
}

function dot(x: number, y: number, { colour, hollow }: { readonly colour: string; readonly hollow: boolean }): string {
  return `<circle cx="${at(x)}" cy="${at(y)}" r="3.5" stroke="${colour}" fill="${hollow ? "#ffffff" : colour}"/>`;
}

function polyline(points: readonly Point[], colour: string, more: string): string {
  const list = points.map(({ x, y }) => `${at(x)},${at(y)}`).join(" ");
  return `<polyline points="${list}" fill="none" stroke="${colour}" stroke-width="2"${more}/>`;
}

function line(from: Point, to: Point, colour: string): string {
  return `<line x1="${at(from.x)}" y1="${at(from.y)}" x2="${at(to.x)}" y2="${at(to.y)}" stroke="${colour}"/>`;
}

interface TextPlace extends Point {
  readonly anchor: "start" | "middle" | "end";
  readonly more?: string;
}

function text(content: string, { x, y, anchor, more = ` fill="${INK}"` }: TextPlace): string {
  return `<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}"${more}>${escaped(content)}</text>`;
}

/** @param values - their lowest falls on `from`, their highest on `to`. */
function logScale(values: readonly number[], from: number, to: number): (value: number) => number {
  const [low, high] = [Math.log(Math.min(...values)), Math.log(Math.max(...values))];
  return (value) => from + ((Math.log(value) - low) / (high - low)) * (to - from);
}

/** One decimal is a tenth of a pixel. */
function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function escaped(content: string): string {
  return content.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
