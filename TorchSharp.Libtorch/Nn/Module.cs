using System.Reflection;
using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public partial class Module : IDisposable
        {
            private readonly Components<Parameter> parameterTable = new("Parameter");
            private readonly Components<Module> moduleTable = new("Sub-module");
            private protected readonly NativeModule? native;
            private bool componentsAreRegistered;
            private bool isTraining = true;

            protected string? name;

            protected Module(string name) => this.name = name;

            private protected Module(string name, NativeModule native)
                : this(name)
            {
                this.native = native;
                foreach (var (key, parameter) in native.Parameters())
                    register_parameter(key, parameter);
            }

            ~Module() => Dispose(false);

            public virtual bool training => isTraining;

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            public virtual string GetName() => string.IsNullOrEmpty(name) ? GetType().Name : name;

            public virtual void train(bool train = true)
            {
                isTraining = train;
                native?.Train(train);
                foreach (var child in children())
                    child.train(train);
            }

            public virtual void eval() => train(false);

            public virtual Module apply(Action<Module> fn)
            {
                ArgumentNullException.ThrowIfNull(fn);
                foreach (var child in children())
                    child.apply(fn);
                fn(this);
                return this;
            }

            public virtual void register_parameter(string name, Parameter param)
            {
                if (param is null || param.IsInvalid)
                    throw new ArgumentNullException(
                        nameof(param),
                        "A null tensor cannot be registered as a parameter."
                    );
                parameterTable.Add(name, param);
            }

            public void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_module(string name, Module submodule)
            {
                ArgumentException.ThrowIfNullOrEmpty(name);
                if (name.Contains('.', StringComparison.Ordinal))
                    throw new ArgumentException($"module name can't contain \".\", got: {name}", nameof(name));
                if (submodule is null)
                {
                    moduleTable.Remove(name);
                    return;
                }
                submodule.RegisterComponents();
                moduleTable.Add(name, submodule);
            }

            protected virtual void Dispose(bool disposing)
            {
                if (!disposing)
                    return;
                foreach (var parameter in parameters(recurse: false))
                    parameter.DetachFromDisposeScope().Dispose();
                foreach (var module in children())
                    module.Dispose();
                native?.Dispose();
            }

            // Every field that holds a parameter or a module, a private or an inherited one too, under its name.
            protected virtual void RegisterComponents()
            {
                if (componentsAreRegistered)
                    return;
                componentsAreRegistered = true;
                foreach (var field in Fields(GetType()))
                {
                    if (parameterTable.Contains(field.Name) || moduleTable.Contains(field.Name))
                        continue;
                    if (field.GetValue(this) is Module module)
                        register_module(field.Name, module);
                    else if (field.GetValue(this) is Parameter parameter)
                        register_parameter(field.Name, parameter);
                }
            }

            protected void ConditionallyRegisterParameter(string name, Tensor value)
            {
                if (value is Parameter parameter)
                    parameterTable[name] = parameter;
                else
                    parameterTable.Remove(name);
            }

            // A parameter of its own on the same tensor, for getters whose result the caller may dispose.
            private protected Parameter? Alias(string name)
            {
                if (get_parameter(name) is not { } parameter)
                    return null;
                var alias = new Parameter(Interop.Native.Retain(parameter.Handle));
                GC.KeepAlive(parameter);
                return alias;
            }

            protected void ClearModules() => moduleTable.Clear();

            protected static (Device device, ScalarType dtype) GetDefaultDeviceAndType(
                Device? device = null,
                ScalarType? dtype = null
            ) => (device ?? CPU, dtype ?? get_default_dtype());

            private static IEnumerable<FieldInfo> Fields(Type type)
            {
                const BindingFlags own =
                    BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
                var seen = new HashSet<string>();
                for (var t = type; t is not null && t != typeof(Module); t = t.BaseType)
                    foreach (var field in t.GetFields(own))
                        if (seen.Add(field.Name))
                            yield return field;
            }
        }
    }
}
