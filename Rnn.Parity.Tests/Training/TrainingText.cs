namespace Rnn.Parity.Tests.Training;

/// <summary>What the models learn to continue: five sonnets by William Shakespeare (1609), in the public domain.</summary>
public static class TrainingText
{
    /// <summary>Sonnets 18, 29, 73, 116 and 130, in ASCII; a line ends in \n, a sonnet in an empty line.</summary>
    public static string Text { get; } =
        """
            Shall I compare thee to a summer's day?
            Thou art more lovely and more temperate:
            Rough winds do shake the darling buds of May,
            And summer's lease hath all too short a date:
            Sometime too hot the eye of heaven shines,
            And often is his gold complexion dimm'd;
            And every fair from fair sometime declines,
            By chance, or nature's changing course, untrimm'd;
            But thy eternal summer shall not fade
            Nor lose possession of that fair thou ow'st;
            Nor shall Death brag thou wander'st in his shade,
            When in eternal lines to time thou grow'st:
            So long as men can breathe or eyes can see,
            So long lives this, and this gives life to thee.

            When, in disgrace with fortune and men's eyes,
            I all alone beweep my outcast state,
            And trouble deaf heaven with my bootless cries,
            And look upon myself and curse my fate,
            Wishing me like to one more rich in hope,
            Featured like him, like him with friends possess'd,
            Desiring this man's art and that man's scope,
            With what I most enjoy contented least;
            Yet in these thoughts myself almost despising,
            Haply I think on thee, and then my state,
            Like to the lark at break of day arising
            From sullen earth, sings hymns at heaven's gate;
            For thy sweet love remember'd such wealth brings
            That then I scorn to change my state with kings.

            That time of year thou mayst in me behold
            When yellow leaves, or none, or few, do hang
            Upon those boughs which shake against the cold,
            Bare ruin'd choirs, where late the sweet birds sang.
            In me thou see'st the twilight of such day
            As after sunset fadeth in the west,
            Which by and by black night doth take away,
            Death's second self, that seals up all in rest.
            In me thou see'st the glowing of such fire
            That on the ashes of his youth doth lie,
            As the death-bed whereon it must expire,
            Consumed with that which it was nourish'd by.
            This thou perceivest, which makes thy love more strong,
            To love that well which thou must leave ere long.

            Let me not to the marriage of true minds
            Admit impediments. Love is not love
            Which alters when it alteration finds,
            Or bends with the remover to remove:
            O no! it is an ever-fixed mark
            That looks on tempests and is never shaken;
            It is the star to every wandering bark,
            Whose worth's unknown, although his height be taken.
            Love's not Time's fool, though rosy lips and cheeks
            Within his bending sickle's compass come:
            Love alters not with his brief hours and weeks,
            But bears it out even to the edge of doom.
            If this be error and upon me proved,
            I never writ, nor no man ever loved.

            My mistress' eyes are nothing like the sun;
            Coral is far more red than her lips' red;
            If snow be white, why then her breasts are dun;
            If hairs be wires, black wires grow on her head.
            I have seen roses damask'd, red and white,
            But no such roses see I in her cheeks;
            And in some perfumes is there more delight
            Than in the breath that from my mistress reeks.
            I love to hear her speak, yet well I know
            That music hath a far more pleasing sound;
            I grant I never saw a goddess go;
            My mistress, when she walks, treads on the ground:
            And yet, by heaven, I think my love as rare
            As any she belied with false compare.


            """.ReplaceLineEndings("\n");

    /// <summary>The different characters, in the order of their codes: V of them.</summary>
    public static string Alphabet { get; } = string.Concat(Text.Distinct().Order());

    /// <summary>The text, each character as its place in the alphabet.</summary>
    public static IReadOnlyList<long> Numbers { get; } =
    [.. Text.Select(character => (long)Alphabet.IndexOf(character))];

    /// <summary>The entropy of a text's characters, or of its pairs of characters, in nats.</summary>
    /// <remarks>
    /// H = −Σ p ln p, where p is a symbol's share of the text. Over the whole text, no model that ignores what went before
    /// has a smaller loss than the characters' entropy; and none that sees one character only, as an RNN without
    /// recurrence does, has a smaller one than the pairs' entropy less that of the characters.
    /// </remarks>
    public static double EntropyOf<TSymbol>(IEnumerable<TSymbol> text)
    {
        var counts = text.GroupBy(symbol => symbol).Select(g => (double)g.Count()).ToList();
        var length = counts.Sum();
        return -counts.Sum(n => n / length * Math.Log(n / length));
    }
}
