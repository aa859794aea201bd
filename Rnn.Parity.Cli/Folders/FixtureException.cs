namespace Rnn.Parity.Folders;

/// <summary>A fixture that cannot be read, in one sentence: the file, the row and what was expected.</summary>
/// <param name="sentence">The sentence; what it quotes of a file does not break it.</param>
internal sealed class FixtureException(string sentence)
    : IOException(new([.. sentence.Take(GreatestSentence).Select(c => char.IsControl(c) ? ' ' : c)]))
{
    private const int GreatestSentence = 1000;
}
