namespace IoPool.CodeFixes.Tests;

/// <summary>IOP1011.</summary>
public sealed class YieldInLoopTests
{
    [Theory]
    [InlineData(
        """
        {|IOP1011:while|} (!task.IsCompleted)
        {
            // step by step
            Use(1);
        }
        """,
        """
        while (!task.IsCompleted)
        {
            await EventLoop.Yield();
            // step by step
            Use(1);
        }
        """)]
    [InlineData(
        """
        {|IOP1011:while|} (!task.IsCompleted)
            Use(1); // again
        """,
        """
        while (!task.IsCompleted)
        {
            await EventLoop.Yield();
            Use(1); // again
        }
        """)]
    [InlineData(
        """
        {|IOP1011:while|} (!task.IsCompleted) ;
        """,
        """
        while (!task.IsCompleted)
        {
            await EventLoop.Yield();
        }
        """)]
    [InlineData(
        """
        {|IOP1011:while|} (!task.IsCompleted) { }
        """,
        """
        while (!task.IsCompleted)
        {
            await EventLoop.Yield();
        }
        """)]
    [InlineData(
        """
        {|IOP1011:for|} (;;)
        {
            if (task.IsCompleted) break;
        }
        """,
        """
        for (;;)
        {
            await EventLoop.Yield();
            if (task.IsCompleted) break;
        }
        """)]
    [InlineData(
        """
        {|IOP1011:do|}
        {
            Use(1);
        }
        while (!task.IsCompleted);
        """,
        """
        do
        {
            await EventLoop.Yield();
            Use(1);
        }
        while (!task.IsCompleted);
        """)]
    [InlineData(
        """
        foreach (var x in {|IOP1011:Forever|}())
        {
            Use(x);
        }
        """,
        """
        foreach (var x in Forever())
        {
            await EventLoop.Yield();
            Use(x);
        }
        """)]
    [InlineData(
        """
        {|IOP1011:while|} (true)
        {
            {|IOP1011:while|} (!task.IsCompleted)
            {
            }
        }
        """,
        """
        while (true)
        {
            await EventLoop.Yield();
            while (!task.IsCompleted)
            {
                await EventLoop.Yield();
            }
        }
        """)]
    public Task Loop_GivesWay(string before, string after) => new FixTest
    {
        Members = "static IEnumerable<int> Forever() { while (true) yield return 1; }",
    }.VerifyInPinnedAsync(before, after);

    [Theory]
    [InlineData("Action a = () => { {|IOP1011:while|} (!task.IsCompleted) { } };\na();")]
    [InlineData("lock (task) { {|IOP1011:while|} (!task.IsCompleted) { } }")]
    [InlineData("Span<int> s = stackalloc int[1];\n{|IOP1011:while|} (s[0] == 0)\n{\n    Use(s[0]);\n}")]
    public Task Loop_ThatCannotAwait_IsLeft(string before) => new FixTest().VerifyNotOfferedInPinnedAsync(before);
}
