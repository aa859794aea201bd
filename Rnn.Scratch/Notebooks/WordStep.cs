using static TorchSharp.torch;

namespace Rnn.Scratch.Notebooks;

/// <summary>
/// Document 003, its functions: from a word's index to its embedding to a hidden state, with neither bias nor
/// nonlinearity.
/// <para>h_t = h_{t−1} w_h + e_tᵀ w_e</para>
/// </summary>
public static class WordStep
{
    /// <summary>The embedding of a word: column <paramref name="index"/> of E (features, words), as (features, 1).</summary>
    /// <exception cref="ArgumentException">E is no matrix, or has no such word.</exception>
    public static Tensor Embedding(Tensor E, long index)
    {
        CheckInput.Matrix(nameof(E), E, "the embedding");
        CheckInput.Expect(
            index >= 0 && index < E.shape[1],
            $"index is {index}, the embedding has words 0 to {E.shape[1] - 1}"
        );
        return E.narrow(1, index, 1);
    }

    /// <summary>The embedding's part of the step, e_tᵀ w_e: (features, 1) and (features, H) give (1, H).</summary>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static Tensor EmbeddingProduct(Tensor e_t, Tensor w_e)
    {
        CheckInput.Matrix(nameof(w_e), w_e, "the step");
        CheckInput.Shape(nameof(e_t), e_t, [w_e.shape[0], 1], "the step");
        using var transposed = e_t.t();
        return mm(transposed, w_e);
    }

    /// <summary>One step: h_{t−1} (1, H), w_h (H, H), e_t (features, 1), w_e (features, H) give h_t (1, H).</summary>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static Tensor Step(Tensor e_t, Tensor w_e, Tensor h, Tensor w_h)
    {
        CheckInput.Matrix(nameof(w_h), w_h, "the step");
        var H = w_h.shape[0];
        CheckInput.Rows(nameof(w_h), w_h, H, "the step");
        CheckInput.Rows(nameof(w_e), w_e, H, "the step");
        CheckInput.Shape(nameof(h), h, [1, H], "the step");
        using var scope = NewDisposeScope();
        var embedded = EmbeddingProduct(e_t, w_e);
        // h_t = h_{t−1} w_h + e_tᵀ w_e
        return mm(h, w_h).Plus(embedded).MoveToOuterDisposeScope();
    }

    /// <summary>Every state over the columns of E, beginning with h_0 itself: words + 1 of them, each (1, H).</summary>
    /// <exception cref="ArgumentException">A shape does not fit.</exception>
    public static IReadOnlyList<Tensor> HiddenStates(Tensor E, Tensor w_e, Tensor h_0, Tensor w_h)
    {
        CheckInput.Matrix(nameof(E), E, "the embedding");
        ArgumentNullException.ThrowIfNull(h_0);
        var states = new List<Tensor> { h_0 };
        for (var word = 0; word < E.shape[1]; word++)
            states.Add(Step(Embedding(E, word), w_e, states[^1], w_h));
        return states;
    }
}
