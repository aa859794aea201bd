using System.Diagnostics.CodeAnalysis;
using TorchSharp.Interop;
using static TorchSharp.torch;

namespace TorchSharp
{
    namespace Modules
    {
        // The rows of a table, by their numbers.
        public sealed class Embedding : nn.Module<Tensor, Tensor>
        {
            private readonly Options options;

            internal Embedding(Tensor table, Options options)
                : base(nameof(Embedding))
            {
                this.options = options;
                weight = new Parameter(table);
            }

            [DisallowNull]
            public Parameter? weight
            {
                get => Alias(nameof(weight));
                set => ConditionallyRegisterParameter(nameof(weight), Check.NotNull(value));
            }

            public override Tensor forward(Tensor input)
            {
                var table = get_parameter(nameof(weight))!;
                var (padding, maxNorm, normType, scale, sparse) = options;
                if (maxNorm is { } limit)
                    using (no_grad())
                        Aten.EmbeddingRenorm_.CallInPlace(table, input, limit, normType);
                return Aten.Embedding.Call(table, input, padding ?? -1, scale, sparse);
            }

            internal sealed record Options(
                long? PaddingIndex,
                double? MaxNorm,
                double NormType,
                bool ScaleGradByFreq,
                bool Sparse
            );
        }
    }

    public static partial class torch
    {
        public static partial class nn
        {
            public static Modules.Embedding Embedding(
                long num_embeddings,
                long embedding_dims,
                long? padding_idx = null,
                double? max_norm = null,
                double norm_type = 2,
                bool scale_grad_by_freq = false,
                bool sparse = false,
                Device? device = null,
                ScalarType? dtype = null
            )
            {
                var padding = padding_idx < 0 ? padding_idx + num_embeddings : padding_idx;
                var table = empty([num_embeddings, embedding_dims], dtype, device).normal_();
                if (padding is { } row)
                    using (var padded = table.select(0, row))
                        padded.zero_();
                return new(table, new(padding, max_norm, norm_type, scale_grad_by_freq, sparse));
            }
        }
    }
}
