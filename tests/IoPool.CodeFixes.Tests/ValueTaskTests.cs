namespace IoPool.CodeFixes.Tests;

/// <summary>IOP3001 and IOP3003.</summary>
public sealed class ValueTaskTests
{
    private const string Members = """
        private ValueTask _pending;
        private Task? _task;
        private static ValueTask StepAsync() => default;
        private static ValueTask<int> CountAsync() => default;
        private void Keep() { Use(_pending); Use(_task); }
        """;

    [Theory]
    [InlineData("{|IOP3001:StepAsync|}(); // step", "await StepAsync(); // step")]
    [InlineData("_ = {|IOP3001:CountAsync|}();", "await CountAsync();")]
    [InlineData("connection.{|IOP3001:SendAsync|}(new byte[1]);", "await connection.SendAsync(new byte[1]);")]
    [InlineData("if (task.IsCompleted)\n    {|IOP3001:StepAsync|}();", "if (task.IsCompleted)\n    await StepAsync();")]
    public Task DroppedCall_IsAwaited(string before, string after) =>
        new FixTest { Members = Members }.VerifyInPinnedAsync(before, after);

    [Theory]
    [InlineData("{|IOP3001:StepAsync|}(); // step", "StepAsync().Forget(); // step")]
    [InlineData("_ = {|IOP3001:StepAsync|}();", "StepAsync().Forget();")]
    public Task DroppedCall_CanBeMeant(string before, string after) =>
        new FixTest { Title = "Forget the call" }.VerifyAsync(Handler(before), Handler(after));

    [Theory]
    [InlineData("Action a = () => {|IOP3001:StepAsync|}();\na();")]
    [InlineData("lock (task) { {|IOP3001:StepAsync|}(); }")]
    public Task DroppedCall_ThatCannotBeAwaited_IsLeft(string before) =>
        new FixTest { Members = Members, Title = "Await the call" }.VerifyNotOfferedInPinnedAsync(before);

    [Theory]
    [InlineData(
        "_task = CountAsync().AsTask();\nvar t = {|IOP3003:StepAsync|}();\nawait t;",
        "_task = CountAsync().AsTask();\nvar t = StepAsync().AsTask();\nawait t;")]
    public Task StoredCall_BecomesATask(string before, string after) =>
        new FixTest { Members = Members }.VerifyInPinnedAsync(before, after);

    [Theory]
    [InlineData("_pending = {|IOP3003:StepAsync|}();")]
    [InlineData("ValueTask<int> t = {|IOP3003:CountAsync|}();\nawait t;")]
    public Task StoredCall_WhoseTargetIsAValueTask_IsLeft(string before) =>
        new FixTest { Members = Members }.VerifyNotOfferedInPinnedAsync(before);

    // Its own Forget is nearer than that of the runtime.
    private static string Handler(string statement) =>
        $$"""
        {{FixTest.Usings}}namespace Sample
        {
            static class Forgetting { public static void Forget(this ValueTask task) { } }

            partial class Handler
            {
                [Pinned]
                public static async partial ValueTask RunAsync()
                {
                    await Task.Yield();
                    {{statement}}
                }

                private static ValueTask StepAsync() => default;
            }
        }
        """;
}
