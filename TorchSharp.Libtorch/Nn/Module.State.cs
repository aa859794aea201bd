using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children() => moduleTable.Entries;

            public virtual IEnumerable<Module> children() => named_children().Select(c => c.module);

            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach (var child in named_children())
                    yield return child;
                foreach (var (prefix, child) in named_children())
                foreach (var (name, module) in child.named_modules())
                    yield return ($"{prefix}.{name}", module);
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            // A disposed parameter is left out, and one that is registered twice comes once.
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<nint> { 0 };
                foreach (var own in parameterTable.Entries)
                    if (seen.Add(own.Value.handle))
                        yield return own;
                if (!recurse)
                    yield break;
                foreach (var (prefix, child) in named_children())
                foreach (var (name, parameter) in child.named_parameters())
                    if (seen.Add(parameter.handle))
                        yield return ($"{prefix}.{name}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) =>
                named_parameters(recurse).Select(p => p.parameter);

            public virtual bool has_parameter(string target) => get_parameter(target) is not null;

            public virtual Parameter? get_parameter(string target)
            {
                ArgumentNullException.ThrowIfNull(target);
                if (parameterTable.Find(target) is { } own)
                    return own;
                var dot = target.IndexOf('.', StringComparison.Ordinal);
                return dot < 0 ? null : moduleTable.Find(target[..dot])?.get_parameter(target[(dot + 1)..]);
            }

            public virtual Dictionary<string, Tensor> state_dict(
                Dictionary<string, Tensor>? destination = null,
                string? prefix = null
            )
            {
                destination ??= [];
                foreach (var (name, parameter) in named_parameters())
                    destination.TryAdd(string.IsNullOrEmpty(prefix) ? name : $"{prefix}.{name}", parameter);
                return destination;
            }

            public virtual (IList<string> missing_keys, IList<string> unexpected_keyes) load_state_dict(
                Dictionary<string, Tensor> source,
                bool strict = true,
                IList<string>? skip = null
            )
            {
                ArgumentNullException.ThrowIfNull(source);
                var target = state_dict();
                List<string> missing = [.. target.Keys.Except(source.Keys).Except(skip ?? [])];
                List<string> unexpected = [.. source.Keys.Except(target.Keys).Except(skip ?? [])];
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException(
                        "The loaded state_dict is not identical to the target dictionary."
                            + $" Missing: [{string.Join(", ", missing)}]; unexpected: [{string.Join(", ", unexpected)}]."
                    );
                using var frozen = no_grad();
                foreach (var key in source.Keys.Intersect(target.Keys).Except(skip ?? []))
                    target[key].copy_(source[key]);
                return (missing, unexpected);
            }
        }
    }
}
