// The fixtures as the JavaScript witnesses read and write them: fixtures/README.md describes the files.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const rows = (path) => readFileSync(path, "utf8").trimEnd().split("\n").slice(1);

// The sources of cases contain commas, and their fields are quoted then.
function pairs(path) {
  return Object.fromEntries(rows(path).map((row) => [row.slice(0, row.indexOf(",")), unquote(row.slice(row.indexOf(",") + 1))]));
}

const unquote = (field) => (field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field);

const number = (text) => ({ nan: NaN, inf: Infinity, "-inf": -Infinity })[text] ?? Number(text);

// A tensor is {shape, data}, row-major; float32 is rounded once more by its array, which changes nothing.
function tensors(path, dtype) {
  const found = {};
  for (const row of rows(path)) {
    const [name, i, j, k, value] = row.split(",");
    const tensor = (found[name] ??= { shape: [], values: [] });
    const index = [i, j, k].filter((d) => d !== "").map(Number);
    index.forEach((place, d) => (tensor.shape[d] = Math.max(tensor.shape[d] ?? 0, place + 1)));
    tensor.values.push(number(value));
  }
  const array = dtype === "float64" ? Float64Array : Float32Array;
  for (const tensor of Object.values(found)) tensor.data = array.from(tensor.values);
  return found;
}

/** Every case: its id, its keys, the tensors that it gives, and its sizes. */
export function cases(fixtures) {
  const folder = join(fixtures, "cases");
  const ids = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return ids.map((entry) => entry.name).sort().map((id) => read(folder, id));
}

function read(folder, id) {
  const keys = pairs(join(folder, id, "case.csv"));
  const given = tensors(join(folder, id, "tensors.csv"), keys.dtype);
  const unbatched = keys.unbatched === "true";
  const batchFirst = keys.batch_first === "true";
  const shape = given.input.shape;
  const [T, B] = unbatched ? [shape[0], 1] : batchFirst ? [shape[1], shape[0]] : [shape[0], shape[1]];
  return {
    id, keys, given, T, B, batchFirst, unbatched,
    I: Number(keys.input_size), H: Number(keys.hidden_size),
    L: Number(keys.num_layers), D: keys.bidirectional === "true" ? 2 : 1,
    bias: keys.bias === "true",
    lengths: keys.lengths?.split(" ").map(Number),
  };
}

/** The shortest decimal that reads back to the same float32. */
function decimal(value) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "inf" : "-inf";
  if (Object.is(value, -0)) return "-0";
  for (let digits = 1; ; digits++) {
    const text = String(Number(value.toPrecision(digits)));
    if (Math.fround(Number(text)) === value) return text;
  }
}

/** Writes what a witness made of a case: {name: {shape, data}}, float32. */
export function testify(fixtures, witness, id, quantities) {
  const lines = ["tensor,i,j,k,value"];
  for (const [name, { shape, data }] of Object.entries(quantities))
    data.forEach((value, flat) => lines.push([name, ...index(flat, shape), decimal(value)].join(",")));
  writeFileSync(join(folderOf(fixtures, witness), id + ".csv"), lines.join("\n") + "\n");
}

/** Writes what a witness ran on. */
export function environment(fixtures, witness, keys) {
  const lines = Object.entries({ script: `scripts/witnesses/${witness}.mjs`, ...keys }).map((pair) => pair.join(","));
  writeFileSync(join(folderOf(fixtures, witness), "environment.csv"), ["key,value", ...lines].join("\n") + "\n");
}

function folderOf(fixtures, witness) {
  const folder = join(fixtures, "testimonies", witness);
  mkdirSync(folder, { recursive: true });
  return folder;
}

function index(flat, shape) {
  const places = shape.map((size, d) => Math.floor(flat / shape.slice(d + 1).reduce((a, b) => a * b, 1)) % size);
  return [...places, "", ""].slice(0, 3);
}

/** (T, B, n), row-major, to the layout of the case; and back, which for an unbatched case is the same. */
export function swapBatchAndTime({ shape: [a, b, n], data }) {
  const swapped = data.slice();
  for (let i = 0; i < a; i++)
    for (let j = 0; j < b; j++)
      for (let k = 0; k < n; k++) swapped[(j * a + i) * n + k] = data[(i * b + j) * n + k];
  return { shape: [b, a, n], data: swapped };
}

/** The folder of the fixtures, from the command line. */
export function fixturesFolder() {
  if (process.argv.length === 3) return process.argv[2];
  console.error(`usage: ${process.argv[1]} FIXTURES`);
  process.exit(2);
}
