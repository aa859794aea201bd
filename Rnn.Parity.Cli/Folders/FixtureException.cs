namespace Rnn.Parity.Folders;

/// <summary>A fixture that cannot be read, in one sentence: the file, the row and what was expected.</summary>
internal sealed class FixtureException(string sentence)
    : IOException(new([.. sentence.Take(GreatestSentence).Select(c => char.IsControl(c) ? ' ' : c)]))
{
    private const int GreatestSentence = 1000;
}
