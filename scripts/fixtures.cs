#:project ../Rnn.Parity.Tests/Rnn.Parity.Tests.csproj
#:property PublishAot=false
#:property GenerateTestingPlatformEntryPoint=false
#:property UseAppHost=false

// dotnet run scripts/fixtures.cs draw FOLDER           draws the cases that every witness is given
// dotnet run scripts/fixtures.cs testify FOLDER        writes what ONNX Runtime makes of them
// dotnet run scripts/fixtures.cs compare FOLDER MADE   writes the manifest of what was made; 0 if it is as it was, 1 if not
return Rnn.Parity.Tests.Fixtures.FixtureScript.Run(args);
