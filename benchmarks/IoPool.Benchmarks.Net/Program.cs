using IoPool.Benchmarks.Net;

// Two roles in one program: every server is a process of its own, on processors of its own.
return args is ["--serve", var name, var port, var loops]
    ? await DotNetServers.RunAsync(name, int.Parse(port), int.Parse(loops))
    : Runner.Run(args);
