using System.Xml;
using System.Xml.Linq;

namespace Rnn.Parity.Html;

/// <summary>Elements of HTML that are well-formed XML.</summary>
internal static class Elements
{
    /// <summary>An element with an end tag, which HTML asks of an empty one as well.</summary>
    public static XElement E(string name, params object?[] content) =>
        new(name, "", content.Select(part => part is string text ? Clean(text) : part));

    /// <summary>A table in a box of its own, which scrolls by keyboard too where the table is wider.</summary>
    public static XElement Scrolling(
        string title,
        IReadOnlyList<string> columns,
        IReadOnlyList<IReadOnlyList<string>> rows,
        Func<string, object>? cell = null
    ) =>
        E(
            "div",
            new XAttribute("class", "scroll"),
            new XAttribute("tabindex", "0"),
            new XAttribute("role", "region"),
            new XAttribute("aria-label", Clean(title)),
            E(
                "table",
                E("thead", E("tr", columns.Select(column => E("th", new XAttribute("scope", "col"), column)))),
                E("tbody", rows.Select(row => E("tr", row.Select(text => E("td", cell?.Invoke(text) ?? text)))))
            )
        );

    /// <summary>A text without what XML has no place for; names of folders may hold it.</summary>
    public static string Clean(string text) =>
        string.Concat(
            text.EnumerateRunes().Select(r => r.IsBmp && !XmlConvert.IsXmlChar((char)r.Value) ? "\uFFFD" : r.ToString())
        );

    public static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(Elements).Assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    }
}
