using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public static Tensor operator -(Tensor tensor) => Aten.Neg.Call(tensor);

        public static Tensor operator +(Tensor left, Tensor right) => Aten.Add.Call(left, right, 1);

        public static Tensor operator +(Tensor left, Scalar right) => Aten.AddScalar.Call(left, right, 1);

        public static Tensor operator +(Scalar left, Tensor right) => Aten.AddScalar.Call(right, left, 1);

        public static Tensor operator -(Tensor left, Tensor right) => Aten.Sub.Call(left, right, 1);

        public static Tensor operator -(Tensor left, Scalar right) => Aten.SubScalar.Call(left, right, 1);

        public static Tensor operator -(Scalar left, Tensor right) => Aten.Rsub.Call(right, left, 1);

        public static Tensor operator *(Tensor left, Tensor right) => Aten.Mul.Call(left, right);

        public static Tensor operator *(Tensor left, Scalar right) => Aten.MulScalar.Call(left, right);

        public static Tensor operator *(Scalar left, Tensor right) => Aten.MulScalar.Call(right, left);

        public static Tensor operator /(Tensor left, Tensor right) => Aten.Div.Call(left, right);

        public static Tensor operator /(Tensor left, Scalar right) => Aten.DivScalar.Call(left, right);

        public static Tensor operator /(Scalar left, Tensor right)
        {
            using var inverse = Aten.Reciprocal.Call(right);
            return Aten.MulScalar.Call(inverse, left);
        }

        public static Tensor operator ==(Tensor left, Tensor right) => Aten.Eq.Call(left, right);

        public static Tensor operator ==(Tensor left, Scalar right) => Aten.EqScalar.Call(left, right);

        public static Tensor operator ==(Scalar left, Tensor right) => Aten.EqScalar.Call(right, left);

        public static Tensor operator !=(Tensor left, Tensor right) => Aten.Ne.Call(left, right);

        public static Tensor operator !=(Tensor left, Scalar right) => Aten.NeScalar.Call(left, right);

        public static Tensor operator !=(Scalar left, Tensor right) => Aten.NeScalar.Call(right, left);

        public static Tensor operator <(Tensor left, Tensor right) => Aten.Lt.Call(left, right);

        public static Tensor operator <(Tensor left, Scalar right) => Aten.LtScalar.Call(left, right);

        public static Tensor operator <(Scalar left, Tensor right) => Aten.GtScalar.Call(right, left);

        public static Tensor operator <=(Tensor left, Tensor right) => Aten.Le.Call(left, right);

        public static Tensor operator <=(Tensor left, Scalar right) => Aten.LeScalar.Call(left, right);

        public static Tensor operator <=(Scalar left, Tensor right) => Aten.GeScalar.Call(right, left);

        public static Tensor operator >(Tensor left, Tensor right) => Aten.Gt.Call(left, right);

        public static Tensor operator >(Tensor left, Scalar right) => Aten.GtScalar.Call(left, right);

        public static Tensor operator >(Scalar left, Tensor right) => Aten.LtScalar.Call(right, left);

        public static Tensor operator >=(Tensor left, Tensor right) => Aten.Ge.Call(left, right);

        public static Tensor operator >=(Tensor left, Scalar right) => Aten.GeScalar.Call(left, right);

        public static Tensor operator >=(Scalar left, Tensor right) => Aten.LeScalar.Call(right, left);

        public Tensor eq(Tensor target) => this == target;

        public Tensor eq(Scalar target) => this == target;

        public Tensor ne(Tensor target) => this != target;

        public Tensor ne(Scalar target) => this != target;

        public Tensor lt(Tensor target) => this < target;

        public Tensor lt(Scalar target) => this < target;

        public Tensor le(Tensor target) => this <= target;

        public Tensor le(Scalar target) => this <= target;

        public Tensor gt(Tensor target) => this > target;

        public Tensor gt(Scalar target) => this > target;

        public Tensor ge(Tensor target) => this >= target;

        public Tensor ge(Scalar target) => this >= target;

        // Element by element, as TorchSharp has it; Equals answers for the whole tensor.
        public Tensor equal(Tensor target) => this == target;
    }
}
