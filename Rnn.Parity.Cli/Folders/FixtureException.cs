namespace Rnn.Parity.Folders;

/// <summary>A fixture that cannot be read, in one sentence: the file, the row and what was expected.</summary>
/// <param name="sentence">The sentence.</param>
internal sealed class FixtureException(string sentence) : IOException(sentence);
