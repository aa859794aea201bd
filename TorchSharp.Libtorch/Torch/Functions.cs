using TorchSharp.Interop;

namespace TorchSharp;

// The functions that are methods of Tensor as well.
public static partial class torch
{
    public static Tensor add(Tensor left, Tensor right) => left + right;

    public static Tensor add(Tensor left, Scalar right) => left + right;

    public static Tensor add(Tensor left, Tensor right, Scalar alpha) => Aten.Add.Call(left, right, alpha);

    public static Tensor add(Tensor left, Scalar right, Scalar alpha) => Aten.AddScalar.Call(left, right, alpha);

    public static Tensor sub(Tensor left, Tensor right) => left - right;

    public static Tensor sub(Tensor left, Scalar right) => left - right;

    public static Tensor mul(Tensor left, Tensor right) => left * right;

    public static Tensor mul(Tensor left, Scalar right) => left * right;

    public static Tensor div(Tensor left, Tensor right, RoundingMode rounding_mode = RoundingMode.None) =>
        Check.NotNull(left).div(right, rounding_mode);

    public static Tensor div(Tensor left, Scalar right, RoundingMode rounding_mode = RoundingMode.None) =>
        Check.NotNull(left).div(right, rounding_mode);

    public static Tensor addmm(Tensor input, Tensor mat1, Tensor mat2, float beta, float alpha) =>
        Check.NotNull(input).addmm(mat1, mat2, beta, alpha);

    public static Tensor matmul(Tensor input, Tensor target) => Aten.Matmul.Call(input, target);

    public static Tensor mm(Tensor input, Tensor target) => Aten.Mm.Call(input, target);

    public static Tensor bmm(Tensor input, Tensor batch2) => Aten.Bmm.Call(input, batch2);

    public static Tensor dot(Tensor input, Tensor other) => Aten.Dot.Call(input, other);

    public static Tensor abs(Tensor input) => Aten.Abs.Call(input);

    public static Tensor exp(Tensor input) => Aten.Exp.Call(input);

    public static Tensor log(Tensor input) => Aten.Log.Call(input);

    public static Tensor neg(Tensor input) => Aten.Neg.Call(input);

    public static Tensor sqrt(Tensor input) => Aten.Sqrt.Call(input);

    public static Tensor square(Tensor input) => Aten.Square.Call(input);

    public static Tensor sigmoid(Tensor input) => Aten.Sigmoid.Call(input);

    public static Tensor tanh(Tensor input) => Aten.Tanh.Call(input);

    public static Tensor softmax(Tensor input, int dim, ScalarType? dtype = null) =>
        Aten.Softmax.Call(input, dim, dtype);

    public static Tensor isnan(Tensor input) => Aten.Isnan.Call(input);

    public static Tensor isfinite(Tensor tensor) => Aten.Isfinite.Call(tensor);

    public static Tensor pow(Tensor left, Tensor exponent) => Aten.Pow.Call(left, exponent);

    public static Tensor pow(Tensor left, Scalar exponent) => Aten.PowScalar.Call(left, exponent);

    public static Tensor where(Tensor condition, Tensor x, Tensor y) => Aten.Where.Call(condition, x, y);

    public static Tensor maximum(Tensor input, Tensor other) => Aten.Maximum.Call(input, other);

    public static Tensor sum(Tensor input, ScalarType? type = null) => Aten.Sum.Call(input, type);

    public static Tensor sum(Tensor input, ReadOnlySpan<long> dim, bool keepdim = false, ScalarType? type = null) =>
        Aten.SumDim.Call(input, dim.ToArray(), keepdim, type);

    public static Tensor sum(Tensor input, long dim, bool keepdim = false, ScalarType? type = null) =>
        Check.NotNull(input).sum(dim, keepdim, type);

    public static Tensor mean(Tensor input) => Aten.Mean.Call(input, Arg.None);

    public static Tensor mean(Tensor input, long[] dimensions, bool keepdim = false, ScalarType? type = null) =>
        Aten.MeanDim.Call(input, dimensions, keepdim, type);

    public static Tensor max(Tensor input) => Aten.Max.Call(input);

    public static Tensor min(Tensor input) => Aten.Min.Call(input);

    public static Tensor argmax(Tensor input) => Check.NotNull(input).argmax();

    public static Tensor all(Tensor input) => Aten.All.Call(input);

    public static Tensor any(Tensor input) => Aten.Any.Call(input);

    public static Tensor eq(Tensor left, Tensor right) => left == right;

    public static Tensor equal(Tensor tensor, Tensor target) => tensor == target;

    public static Tensor clone(Tensor input) => Aten.Clone.Call(input, Arg.None);

    public static Tensor stack(IEnumerable<Tensor> tensors, long dim = 0) =>
        Aten.Stack.Call(Check.NotNull(tensors).ToArray(), dim);

    public static Tensor cat(IList<Tensor> tensors, long dim = 0) =>
        Aten.Cat.Call(Check.NotNull(tensors).ToArray(), dim);

    public static Tensor flip(Tensor input, params long[] dims) => Aten.Flip.Call(input, dims);

    public static Tensor squeeze(Tensor input, long? dim = null) => Check.NotNull(input).squeeze(dim);

    public static Tensor unsqueeze(Tensor input, long dim) => Aten.Unsqueeze.Call(input, dim);

    public static Tensor[] unbind(Tensor input, long dim = 0) => Aten.Unbind.CallMany(input, dim);
}
