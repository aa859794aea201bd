using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public Tensor abs() => Aten.Abs.Call(this);

        public Tensor abs_() => Aten.Abs_.CallInPlace(this);

        public Tensor exp() => Aten.Exp.Call(this);

        public Tensor log() => Aten.Log.Call(this);

        public Tensor neg() => Aten.Neg.Call(this);

        public Tensor neg_() => Aten.Neg_.CallInPlace(this);

        public Tensor relu() => Aten.Relu.Call(this);

        public Tensor relu_() => Aten.Relu_.CallInPlace(this);

        public Tensor sigmoid() => Aten.Sigmoid.Call(this);

        public Tensor sigmoid_() => Aten.Sigmoid_.CallInPlace(this);

        public Tensor sqrt() => Aten.Sqrt.Call(this);

        public Tensor square() => Aten.Square.Call(this);

        public Tensor tanh() => Aten.Tanh.Call(this);

        public Tensor tanh_() => Aten.Tanh_.CallInPlace(this);

        public Tensor isnan() => Aten.Isnan.Call(this);

        public Tensor isinf() => Aten.Isinf.Call(this);

        public Tensor isfinite() => Aten.Isfinite.Call(this);

        public Tensor softmax(long dim, ScalarType? dtype = null) => Aten.Softmax.Call(this, dim, dtype);

        public Tensor log_softmax(long dim, ScalarType? dtype = null) => Aten.LogSoftmax.Call(this, dim, dtype);

        public Tensor pow(Tensor exponent) => Aten.Pow.Call(this, exponent);

        public Tensor pow(Scalar exponent) => Aten.PowScalar.Call(this, exponent);

        public Tensor maximum(Tensor other) => Aten.Maximum.Call(this, other);

        public Tensor minimum(Tensor other) => Aten.Minimum.Call(this, other);

        public Tensor where(Tensor condition, Tensor y) => Aten.Where.Call(condition, this, y);

        public Tensor add(Tensor target) => this + target;

        public Tensor add(Tensor target, Scalar alpha) => Aten.Add.Call(this, target, alpha);

        public Tensor add(Scalar scalar) => this + scalar;

        public Tensor add(Scalar scalar, Scalar alpha) => Aten.AddScalar.Call(this, scalar, alpha);

        public Tensor add_(Tensor target) => Aten.Add_.CallInPlace(this, target, 1);

        public Tensor add_(Tensor target, Scalar alpha) => Aten.Add_.CallInPlace(this, target, alpha);

        public Tensor add_(Scalar scalar) => Aten.AddScalar_.CallInPlace(this, scalar, 1);

        public Tensor add_(Scalar scalar, Scalar alpha) => Aten.AddScalar_.CallInPlace(this, scalar, alpha);

        public Tensor sub(Tensor target) => this - target;

        public Tensor sub(Scalar target) => this - target;

        public Tensor sub_(Tensor target) => Aten.Sub_.CallInPlace(this, target, 1);

        public Tensor sub_(Scalar target) => Aten.SubScalar_.CallInPlace(this, target, 1);

        public Tensor mul(Tensor target) => this * target;

        public Tensor mul(Scalar target) => this * target;

        public Tensor mul_(Tensor target) => Aten.Mul_.CallInPlace(this, target);

        public Tensor mul_(Scalar target) => Aten.MulScalar_.CallInPlace(this, target);

        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivRounding.Call(this, target, Name(rounding_mode));

        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivRoundingScalar.Call(this, target, Name(rounding_mode));

        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivRounding_.CallInPlace(this, target, Name(rounding_mode));

        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) =>
            Aten.DivRoundingScalar_.CallInPlace(this, target, Name(rounding_mode));

        private static string? Name(RoundingMode mode) => mode == RoundingMode.None ? null : mode.ToString();
    }
}
