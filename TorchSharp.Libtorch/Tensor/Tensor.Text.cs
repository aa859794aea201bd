using System.Globalization;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public override string ToString() =>
            IsInvalid ? "[invalid]" : $"[{string.Join('x', shape)}], type = {dtype}, device = {device}{Values()}";

        // The values themselves where they are few.
        private string Values()
        {
            if (numel() is 0 or > 16 || !(is_floating_point() || dtype <= ScalarType.Int64 || dtype == ScalarType.Bool))
                return "";
            using var scope = NewDisposeScope();
            var values = detach().cpu().type(ScalarType.Float64).reshape(-1).unbind();
            return ", values = "
                + string.Join(' ', values.Select(v => v.ToDouble().ToString(CultureInfo.InvariantCulture)));
        }
    }
}
