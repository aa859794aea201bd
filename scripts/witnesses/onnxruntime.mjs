// ONNX Runtime's testimony: the forward pass of its RNN operator. usage: node onnxruntime.mjs FIXTURES
//
// Where ONNX differs from nn.RNN:
// - X is (T, B, I), never batch first. W is (D, H, I) and R is (D, H, H): weight_ih and weight_hh, one direction above
//   the other. B is (D, 2H): bias_ih, then bias_hh. Both biases are there, as in nn.RNN.
// - Y is (T, D, B, H); a layer above takes it as (T, B, D·H). Y_h is (D, B, H), as nn.RNN's h_n for one layer.
// - An operator is one layer; a stack is a chain of them. Its activations are Tanh and Relu, one a direction.
// - Sequences of different lengths are padded, with their lengths in sequence_lens, in any order; what lies beyond the
//   end of a sequence is zero in Y. nn.RNN's packed output has one row a step and sequence, the longest first.
// - The CPU kernel has no float64 (ONNX Runtime 1.22), and there is no gradient.
import ort from "onnxruntime-node";
import * as onnx from "./onnx.mjs";
import { cases, environment, fixturesFolder, swapBatchAndTime, testify } from "./fixtures.mjs";

const FLOAT = 1, INT32 = 6;

function model(c) {
  const inputs = [onnx.value("input", FLOAT, [c.T, c.B, c.I])];
  const outputs = [], nodes = [], initializers = [onnx.int64s("flat", [c.T, c.B, c.D * c.H])];
  const optional = (name, type, shape) => (inputs.push(onnx.value(name, type, shape)), name);
  const lengths = c.lengths ? optional("lengths", INT32, [c.B]) : "";
  let x = "input";
  for (let k = 0; k < c.L; k++) {
    const I = k === 0 ? c.I : c.D * c.H;
    const W = optional(`W${k}`, FLOAT, [c.D, c.H, I]);
    const R = optional(`R${k}`, FLOAT, [c.D, c.H, c.H]);
    const B = c.bias ? optional(`B${k}`, FLOAT, [c.D, 2 * c.H]) : "";
    const h_0 = c.given.h_0 ? optional(`h_0${k}`, FLOAT, [c.D, c.B, c.H]) : "";
    nodes.push(
      onnx.node("RNN", [x, W, R, B, lengths, h_0], [`Y${k}`, `Y_h${k}`], [
        onnx.integer("hidden_size", c.H),
        onnx.string("direction", c.D === 2 ? "bidirectional" : "forward"),
        onnx.strings("activations", Array(c.D).fill(c.keys.mode === "relu" ? "Relu" : "Tanh")),
      ]),
      onnx.node("Transpose", [`Y${k}`], [`T${k}`], [onnx.integers("perm", [0, 2, 1, 3])]),
      onnx.node("Reshape", [`T${k}`, "flat"], [`output${k}`], []),
    );
    outputs.push(onnx.value(`Y_h${k}`, FLOAT, [c.D, c.B, c.H]));
    x = `output${k}`;
  }
  outputs.push(onnx.value(x, FLOAT, [c.T, c.B, c.D * c.H]));
  return onnx.model(nodes, initializers, inputs, outputs);
}

const float = (data, shape) => new ort.Tensor("float32", Float32Array.from(data), shape);

function feeds(c) {
  const input = c.batchFirst ? swapBatchAndTime(c.given.input) : c.given.input;
  const all = { input: float(input.data, [c.T, c.B, c.I]) };
  if (c.lengths) all.lengths = new ort.Tensor("int32", Int32Array.from(c.lengths), [c.B]);
  for (let k = 0; k < c.L; k++) {
    const join = (...kinds) =>
      ["", "_reverse"].slice(0, c.D).flatMap((end) => kinds.flatMap((kind) => [...c.given[`${kind}_l${k}${end}`].data]));
    all[`W${k}`] = float(join("weight_ih"), [c.D, c.H, k === 0 ? c.I : c.D * c.H]);
    all[`R${k}`] = float(join("weight_hh"), [c.D, c.H, c.H]);
    if (c.bias) all[`B${k}`] = float(join("bias_ih", "bias_hh"), [c.D, 2 * c.H]);
    const size = c.D * c.B * c.H;
    if (c.given.h_0) all[`h_0${k}`] = float(c.given.h_0.data.slice(k * size, (k + 1) * size), [c.D, c.B, c.H]);
  }
  return all;
}

// The rows of the packed output: for each step, those sequences that are as long, the longest first.
function pack(c, data) {
  const width = c.D * c.H;
  const order = c.lengths.map((_, b) => b).sort((a, b) => c.lengths[b] - c.lengths[a]);
  const rows = [];
  for (let t = 0; t < c.T; t++)
    for (const b of order)
      if (c.lengths[b] > t) rows.push(...data.slice((t * c.B + b) * width, (t * c.B + b + 1) * width));
  return { shape: [rows.length / width, width], data: Float32Array.from(rows) };
}

function output(c, data) {
  const width = c.D * c.H;
  if (c.lengths) return pack(c, data);
  if (c.unbatched) return { shape: [c.T, width], data };
  const steps = { shape: [c.T, c.B, width], data };
  return c.batchFirst ? swapBatchAndTime(steps) : steps;
}

async function run(c) {
  const options = { executionProviders: ["cpu"], intraOpNumThreads: 1, graphOptimizationLevel: "disabled" };
  const session = await ort.InferenceSession.create(model(c), options);
  const results = await session.run(feeds(c));
  const h_n = Array.from({ length: c.L }, (_, k) => [...results[`Y_h${k}`].data]).flat();
  return {
    output: output(c, results[`output${c.L - 1}`].data),
    h_n: { shape: c.unbatched ? [c.L * c.D, c.H] : [c.L * c.D, c.B, c.H], data: Float32Array.from(h_n) },
  };
}

const fixtures = fixturesFolder();
const witness = "onnxruntime";
const all = cases(fixtures).filter((c) => c.keys.dtype === "float32");
environment(fixtures, witness, {
  engine: "ONNX Runtime", engine_version: ort.env.versions.node, device: "cpu", blas: "MLAS",
});
for (const c of all) testify(fixtures, witness, c.id, await run(c));
console.log(`${witness}: ${all.length} cases, ONNX Runtime ${ort.env.versions.node}`);
