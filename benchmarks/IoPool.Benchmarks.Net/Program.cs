using IoPool.Benchmarks.Net;

// Three roles in one program: each server and the load client are processes of their own, on a processor of their own.
switch (args)
{
    case ["--serve", string name, string port]:
        await EchoServers.RunAsync(name, int.Parse(port));
        return 0;
    case ["--load", string port, string connections, string pipeline, string seconds, string server]:
        Load.Run(int.Parse(port), int.Parse(connections), int.Parse(pipeline), double.Parse(seconds), int.Parse(server));
        return 0;
    default:
        return Comparison.Run(args);
}
