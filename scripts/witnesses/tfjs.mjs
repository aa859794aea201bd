// TensorFlow.js's testimony: its simpleRNN layer, forward, and its gradients. usage: node tfjs.mjs FIXTURES
//
// Where simpleRNN differs from nn.RNN:
// - Its input is (B, T, I), always batch first.
// - kernel is (I, H) and recurrentKernel (H, H): weight_ih and weight_hh transposed; x kernel + h recurrentKernel.
// - It has one bias where nn.RNN has two: bias = bias_ih + bias_hh, rounded to float32 once more. Its gradient is that of
//   each of the two.
// - goBackwards reads the sequence from its end, and returns the states in the order in which it computed them.
// - A layer is one layer in one direction; a stack is a chain. All is float32.
// - The gradient of a sequence of one step fails (its unstack of one tensor, 4.22), so there is none for such a case.
// The package is pure JavaScript on the CPU; sums are taken in double and rounded when they are stored.
import * as tf from "@tensorflow/tfjs";
import { cases, environment, fixturesFolder, swapBatchAndTime, testify } from "./fixtures.mjs";

tf.enableProdMode(); // or it advises, at each run, to install a native backend
await tf.setBackend("cpu");

const tensor = ({ shape, data }) => tf.tensor(data, shape);
const plain = (t) => ({ shape: t.shape, data: t.dataSync() });

// A layer in one direction, with the weights of the case, and which of them its variables are.
function direction(c, k, end) {
  const weight = (kind) => tensor(c.given[`${kind}_l${k}${end}`]);
  const layer = tf.layers.simpleRNN({
    units: c.H, activation: c.keys.mode, useBias: c.bias, returnSequences: true, returnState: true,
    goBackwards: end !== "",
  });
  layer.apply(tf.zeros([1, 1, k === 0 ? c.I : c.D * c.H])); // builds its variables
  const weights = [weight("weight_ih").transpose(), weight("weight_hh").transpose()];
  if (c.bias) weights.push(weight("bias_ih").add(weight("bias_hh")));
  layer.setWeights(weights);
  const [kernel, recurrentKernel, bias] = layer.trainableWeights.map((w) => w.val);
  return { layer, k, end, kernel, recurrentKernel, bias };
}

// x is (B, T, ·), h_0 is (L·D, B, H) or undefined; so are the output and h_n.
function forward(c, directions, x, h_0) {
  const h_n = [];
  for (let k = 0; k < c.L; k++) {
    const outputs = directions.filter((d) => d.k === k).map(({ layer, end }) => {
      const initial = h_0?.slice([h_n.length, 0, 0], [1, c.B, c.H]).reshape([c.B, c.H]);
      const [states, last] = layer.apply(x, initial ? { initialState: [initial] } : {});
      h_n.push(last);
      return end === "" ? states : states.reverse(1);
    });
    x = outputs.length === 1 ? outputs[0] : tf.concat(outputs, 2);
  }
  return [x, tf.stack(h_n)];
}

// Output and input gradient (B, T, n) as the case lies; the states with or without a batch.
const sequence = (c, t) =>
  c.unbatched ? plain(t.reshape([c.T, t.shape[2]])) : c.batchFirst ? plain(t) : swapBatchAndTime(plain(t));
const state = (c, t) => plain(c.unbatched ? t.reshape([c.L * c.D, c.H]) : t);
const batchFirst = (c, t) => (c.batchFirst || c.unbatched ? t : swapBatchAndTime(t));

function run(c) {
  const width = c.D * c.H;
  const x = tf.variable(tensor(batchFirst(c, c.given.input)).reshape([c.B, c.T, c.I]));
  const h_0 = c.given.h_0 && tf.variable(tensor(c.given.h_0).reshape([c.L * c.D, c.B, c.H]));
  const cotangent = tensor(batchFirst(c, c.given.grad_output)).reshape([c.B, c.T, width]);
  const cotangentOfState = tensor(c.given.grad_h_n).reshape([c.L * c.D, c.B, c.H]);
  const ends = ["", "_reverse"].slice(0, c.D);
  const directions = Array.from({ length: c.L }, (_, k) => ends.map((end) => direction(c, k, end))).flat();

  const [output, h_n] = forward(c, directions, x, h_0);
  if (c.T === 1) return { output: sequence(c, output), h_n: state(c, h_n) };
  const leaves = [x, h_0, ...directions.flatMap((d) => [d.kernel, d.recurrentKernel, d.bias])].filter((leaf) => leaf);
  const { grads } = tf.variableGrads(() => {
    const [y, h] = forward(c, directions, x, h_0);
    return tf.add(tf.sum(tf.mul(cotangent, y)), tf.sum(tf.mul(cotangentOfState, h)));
  }, leaves);

  const quantities = { output: sequence(c, output), h_n: state(c, h_n), "grad.input": sequence(c, grads[x.name]) };
  if (h_0) quantities["grad.h_0"] = state(c, grads[h_0.name]);
  for (const { k, end, kernel, recurrentKernel, bias } of directions) {
    quantities[`grad.weight_ih_l${k}${end}`] = plain(grads[kernel.name].transpose());
    quantities[`grad.weight_hh_l${k}${end}`] = plain(grads[recurrentKernel.name].transpose());
    if (!bias) continue;
    quantities[`grad.bias_ih_l${k}${end}`] = quantities[`grad.bias_hh_l${k}${end}`] = plain(grads[bias.name]);
  }
  return quantities;
}

const fixtures = fixturesFolder();
const witness = "tfjs";
const all = cases(fixtures).filter((c) => c.keys.dtype === "float32" && !c.lengths);
environment(fixtures, witness, {
  engine: "TensorFlow.js", engine_version: tf.version.tfjs, device: `cpu (${tf.getBackend()} backend of JavaScript)`, blas: "",
});
for (const c of all) {
  testify(fixtures, witness, c.id, tf.tidy(() => run(c)));
  tf.disposeVariables();
}
console.log(`${witness}: ${all.length} cases, TensorFlow.js ${tf.version.tfjs}`);
