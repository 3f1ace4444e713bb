using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using IoPool.Benchmarks.Micro;

if (args is ["--goals", .. var rest])
    return Goals.Run(rest is [var file] ? file : null);

// In this process, and short: minutes for everything. Loops and threads are the benchmark's own in either case.
IConfig config = DefaultConfig.Instance
    .AddJob(Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance))
    .WithArtifactsPath(Path.Combine(Goals.RepositoryRoot, "artifacts", "BenchmarkDotNet"))
    .WithOptions(ConfigOptions.DisableOptimizationsValidator);
BenchmarkSwitcher.FromAssembly(typeof(Goals).Assembly).Run(args.Length == 0 ? ["--filter", "*"] : args, config);
return 0;
