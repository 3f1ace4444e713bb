namespace IoPool.Analyzers.Tests;

/// <summary>Whole pieces of servers, as people write them, with every rule of law 2 switched on.</summary>
public sealed class RealCodeTests
{
    [Fact]
    public Task LineServer_IsSilent() => Situation.VerifyAsync("""
        static partial class LineServer
        {
            [Pinned]
            public static async partial ValueTask HandleAsync(SocketConnection connection)
            {
                var buffer = new byte[4096];
                var used = 0;
                while (true)
                {
                    var count = await connection.ReceiveAsync(buffer.AsMemory(used));
                    if (count == 0)
                        return;
                    used += count;
                    int end;
                    while ((end = buffer.AsSpan(0, used).IndexOf((byte)'\n')) >= 0)
                    {
                        await connection.SendAsync(buffer.AsMemory(0, end + 1));
                        buffer.AsSpan(end + 1, used - end - 1).CopyTo(buffer);
                        used -= end + 1;
                    }

                    if (used == buffer.Length)
                        throw new InvalidDataException("line too long");
                }
            }
        }
        """);

    [Fact]
    public Task FramesThatAreParsedUntilNoneIsLeft_AreSilent() => Situation.VerifyAsync("""
        partial class FrameServer(int limit)
        {
            readonly Queue<byte[]> _frames = new();
            int _errors;

            [Pinned]
            public async partial ValueTask HandleAsync(SocketConnection connection)
            {
                var received = new List<byte>();
                for (;;)
                {
                    var chunk = new byte[512];
                    var count = await connection.ReceiveAsync(chunk);
                    if (count == 0)
                        break;
                    received.AddRange(chunk.AsSpan(0, count).ToArray());
                    while (TryRead(received, out var frame))
                        _frames.Enqueue(frame);
                    while (_frames.TryDequeue(out var next))
                        await connection.SendAsync(next);
                    if (_errors > limit)
                        return;
                }
            }

            bool TryRead(List<byte> received, out byte[] frame)
            {
                frame = [];
                if (received.Count < 4)
                    return false;
                frame = received.GetRange(0, 4).ToArray();
                received.RemoveRange(0, 4);
                return true;
            }
        }
        """);

    [Fact]
    public Task TimeoutByWhenAny_IsSilent() => Situation.VerifyAsync("""
        partial class Client
        {
            [Pinned]
            public async partial ValueTask<int> AskAsync(SocketConnection connection, CancellationToken token)
            {
                using var source = CancellationTokenSource.CreateLinkedTokenSource(token);
                var answer = connection.ReceiveAsync(new byte[10], source.Token).AsTask();
                var timeout = Task.Delay(TimeSpan.FromSeconds(1), source.Token);
                var first = await Task.WhenAny(answer, timeout);
                source.Cancel();
                if (first == timeout)
                    throw new TimeoutException();
                return answer.Result;
            }
        }
        """);

    [Fact]
    public Task FanOut_IsSilent() => Situation.VerifyAsync("""
        partial class Aggregator
        {
            readonly Dictionary<string, int> _cache = new();

            [Pinned]
            public async partial ValueTask<int> SumAsync(IReadOnlyList<string> keys)
            {
                var tasks = new Task<int>[keys.Count];
                for (var i = 0; i < keys.Count; i++)
                    tasks[i] = LoadAsync(keys[i]);
                await Task.WhenAll(tasks);
                var sum = 0;
                for (var i = 0; i < keys.Count; i++)
                {
                    _cache[keys[i]] = tasks[i].Result;
                    sum += tasks[i].Result;
                }

                return sum;
            }

            static async Task<int> LoadAsync(string key)
            {
                await Task.Delay(1);
                return key.Length;
            }
        }
        """);

    [Fact]
    public Task CacheOfTasks_IsSilentOnItsFastPath() => Situation.VerifyAsync("""
        partial class Cache
        {
            readonly Dictionary<string, Task<byte[]>> _entries = new();

            [Pinned]
            public async partial ValueTask<byte[]> GetAsync(string key)
            {
                if (_entries.TryGetValue(key, out var pending) && pending.IsCompletedSuccessfully)
                    return pending.Result;
                var task = pending ?? (_entries[key] = Offload.RunAsync(() => File.ReadAllBytes(key)).AsTask());
                try
                {
                    return await task;
                }
                catch (IOException) when (_entries.Remove(key))
                {
                    throw;
                }
            }
        }
        """);

    [Fact]
    public Task BackgroundWorker_IsSilent() => Situation.VerifyAsync("""
        sealed partial class Worker : IAsyncDisposable
        {
            readonly System.Threading.Channels.Channel<Func<int>> _jobs =
                System.Threading.Channels.Channel.CreateUnbounded<Func<int>>();
            readonly CancellationTokenSource _stop = new();
            readonly SemaphoreSlim _free = new(4);
            Task? _running;

            public void Start(EventLoop loop) => _running = loop.RunAsync(RunAsync).AsTask();

            [Pinned]
            public async partial ValueTask RunAsync()
            {
                await foreach (var job in _jobs.Reader.ReadAllAsync(_stop.Token))
                {
                    await _free.WaitAsync(_stop.Token);
                    try
                    {
                        await Offload.RunAsync(job);
                    }
                    finally
                    {
                        _free.Release();
                    }
                }
            }

            [Pinned]
            public async partial ValueTask DisposeAsync()
            {
                _jobs.Writer.TryComplete();
                await _stop.CancelAsync();
                if (_running is { } running)
                    await running;
                _stop.Dispose();
                _free.Dispose();
            }
        }
        """);

    [Fact]
    public Task ServerThatDoesEverythingWrong_IsReportedEverywhere() => Situation.VerifyAsync("""
        sealed partial class Wrong
        {
            readonly object _gate = new();
            readonly SemaphoreSlim _free = new(4);
            readonly ManualResetEventSlim _ready = new();
            volatile bool _stop;

            [Pinned]
            public async partial ValueTask HandleAsync(SocketConnection connection)
            {
                {|IOP1011:while|} (!_stop) { }
                _ready.{|IOP1003:Wait|}();
                var buffer = new byte[10];
                var count = connection.ReceiveAsync(buffer).AsTask().{|IOP1001:Result|};
                _free.{|IOP1003:Wait|}();
                try
                {
                    {|IOP1007:lock|} (_gate)
                    {
                        Thread.{|IOP1002:Sleep|}(count);
                    }
                }
                finally
                {
                    _free.Release();
                }

                GC.{|IOP1010:Collect|}();
                connection.SendAsync(buffer).GetAwaiter().{|IOP1001:GetResult|}();
                await Task.Yield();
            }
        }
        """);

    [Fact]
    public Task ProgramAroundALoop_IsReportedInsideItsLambdasOnly() => Situation.VerifyAsync("""
        static class Program
        {
            static readonly ManualResetEventSlim s_done = new();

            static void Main()
            {
                var group = new EventLoopGroup();
                var server = group.Listen(new IPEndPoint(IPAddress.Loopback, 0), async connection =>
                {
                    var buffer = new byte[100];
                    int count;
                    while ((count = await connection.ReceiveAsync(buffer)) > 0)
                    {
                        s_done.{|IOP1003:Wait|}(count);
                        await connection.SendAsync(buffer.AsMemory(0, count));
                    }
                });
                group.Next().Post(() => s_done.Set());
                s_done.Wait();
                Thread.Sleep(100);
                server.DisposeAsync().AsTask().Wait();
                group.ShutdownAsync().Result.ToString();
                group.DisposeAsync().AsTask().Wait();
            }
        }
        """);

    [Fact]
    public Task WorkInStages_IsReportedWhereItBlocks() => Situation.VerifyAsync("""
        partial class Stages
        {
            [Pinned]
            public async partial ValueTask<int> RunAsync(Task<int> first, Func<int, Task<int>> second)
            {
                var a = first.IsCompletedSuccessfully ? first.Result : await first;
                var b = second(a);
                if (b is { IsFaulted: true, Exception: var error })
                    throw error;
                if (b.IsCompleted)
                    a += b.Result;
                else
                    a += b.{|IOP1001:Result|};
                b = second(a);
                using (new MemoryStream())
                {
                    a += b.{|IOP1001:Result|};
                }

                return a + b.Id;
            }
        }
        """);

    [Fact]
    public Task MemberOfEveryKindOfType_IsLookedAt() => Situation.VerifyAsync("""
        partial record Session(Task<int> Ready)
        {
            [Pinned] public async partial ValueTask<int> RunAsync() => Ready.{|IOP1001:Result|} + await Ready;
        }

        readonly partial struct Point(Task<int> ready)
        {
            [Pinned] public async partial ValueTask<int> RunAsync() => ready.{|IOP1001:Result|} + await Ask(1);
            static Task<int> Ask(int value) => Task.FromResult(value);
        }

        partial interface IShape
        {
            [Pinned] public static async partial ValueTask RunAsync(Task t)
            {
                t.{|IOP1001:Wait|}();
                await t;
            }
        }

        namespace Deep.Down
        {
            partial class Outer { partial class Inner<T> where T : Task<int>
            {
                [Pinned] internal async partial ValueTask<int> RunAsync(T t) => t.{|IOP1001:Result|} + await t;
            } }
        }
        """);

    [Fact]
    public Task ConditionalCompilationAndRegions_AreNoHindrance() => Situation.VerifyInPinnedAsync("""
        #region waiting
        #if DEBUG
        Thread.Sleep(1);
        #else
        Thread.{|IOP1002:Sleep|}(2);
        #endif
        #endregion
        """);
}
