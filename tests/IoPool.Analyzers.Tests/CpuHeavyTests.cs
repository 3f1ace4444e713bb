namespace IoPool.Analyzers.Tests;

/// <summary>IOP1010.</summary>
public sealed class CpuHeavyTests
{
    private const string Usings = """
        using System.IO.Compression;
        using System.Security.Cryptography;
        using System.Security.Cryptography.X509Certificates;
        using System.Text.RegularExpressions;
        using System.Xml.Serialization;

        """;

    [Theory]
    [InlineData("_ = Rfc2898DeriveBytes.{|IOP1010:Pbkdf2|}(\"p\", _bytes, 100_000, HashAlgorithmName.SHA256, 32);")]
    [InlineData("_ = Rfc2898DeriveBytes.{|IOP1010:Pbkdf2|}(_bytes, _bytes, 9, HashAlgorithmName.SHA256, 32);")]
    [InlineData("using var rsa = RSA.{|IOP1010:Create|}(4096);")]
    [InlineData("var s = _rsa.{|IOP1010:SignData|}(_bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);")]
    [InlineData("var s = _rsa.{|IOP1010:SignHash|}(_bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);")]
    [InlineData("var s = _rsa.{|IOP1010:Decrypt|}(_bytes, RSAEncryptionPadding.OaepSHA256);")]
    [InlineData("var s = _rsa?.{|IOP1010:Encrypt|}(_bytes, RSAEncryptionPadding.OaepSHA256);")]
    [InlineData("var c = _request.{|IOP1010:CreateSelfSigned|}(DateTimeOffset.MinValue, DateTimeOffset.MaxValue);")]
    public Task Cryptography_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("GC.{|IOP1010:Collect|}();")]
    [InlineData("GC.{|IOP1010:Collect|}(2);")]
    [InlineData("GC.{|IOP1010:Collect|}(2, GCCollectionMode.Aggressive);")]
    [InlineData("GC.{|IOP1010:Collect|}(2, GCCollectionMode.Forced, blocking: true);")]
    [InlineData("System.GC.{|IOP1010:Collect|}();")]
    public Task Collection_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_ = new {|IOP1010:XmlSerializer|}(typeof(int));")]
    [InlineData("_ = new System.Xml.Serialization.{|IOP1010:XmlSerializer|}(typeof(int), \"ns\");")]
    [InlineData("XmlSerializer x = {|IOP1010:new|}(typeof(int));")]
    [InlineData("BrotliEncoder.{|IOP1010:TryCompress|}(_bytes, _bytes, out var n);")]
    [InlineData("BrotliEncoder.{|IOP1010:TryCompress|}(_bytes, _bytes, out var n, quality: 11, window: 24);")]
    [InlineData("BrotliDecoder.{|IOP1010:TryDecompress|}(_bytes, _bytes, out var n);")]
    [InlineData("Thread.{|IOP1010:SpinWait|}(1000);")]
    [InlineData("Thread.{|IOP1010:Yield|}();")]
    public Task OtherLongWork_IsReported(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_ = SHA256.HashData(_bytes);")]
    [InlineData("_ = HMACSHA256.HashData(_bytes, _bytes);")]
    [InlineData("using var sha = SHA256.Create(); _ = sha.ComputeHash(_bytes);")]
    [InlineData("using var rsa = RSA.Create();")]
    [InlineData("_ = _rsa.VerifyData(_bytes, _bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pss);")]
    [InlineData("_ = RandomNumberGenerator.GetBytes(16);")]
    [InlineData("_ = CryptographicOperations.FixedTimeEquals(_bytes, _bytes);")]
    [InlineData("_ = Convert.ToBase64String(_bytes);")]
    public Task CheapCryptography_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_ = Regex.IsMatch(\"a\", \"b\");")]
    [InlineData("_ = new Regex(\"b\").Match(\"a\");")]
    [InlineData("_ = new Regex(\"b\", RegexOptions.NonBacktracking).Replace(\"a\", \"c\");")]
    [InlineData("_ = new Regex(\"b\", RegexOptions.None, TimeSpan.FromSeconds(1)).IsMatch(\"a\");")]
    [InlineData("_ = System.Text.Json.JsonSerializer.Serialize(new[] { 1 });")]
    [InlineData("_ = new[] { 3, 1 }.OrderBy(x => x).ToArray();")]
    [InlineData("Array.Sort(_bytes); Array.Reverse(_bytes);")]
    [InlineData("_ = string.Join(',', Enumerable.Range(0, 9));")]
    [InlineData("_ = System.Numerics.BigInteger.Parse(\"5\");")]
    [InlineData("_ = GC.GetTotalMemory(false) + GC.CollectionCount(2); GC.KeepAlive(this);")]
    [InlineData("GC.SuppressFinalize(this);")]
    [InlineData("await Task.Yield();")]
    [InlineData("await EventLoop.Yield();")]
    public Task OrdinaryWork_IsSilent(string statement) => VerifyAsync(statement);

    [Theory]
    [InlineData("_ = await Offload.RunAsync(() => RSA.Create(4096));")]
    [InlineData("await Offload.RunAsync(() => GC.Collect());")]
    [InlineData("await Task.Run(() => Thread.SpinWait(5));")]
    [InlineData("Func<XmlSerializer> never = () => new XmlSerializer(typeof(int));")]
    [InlineData("_ = nameof(GC.Collect);")]
    [InlineData("Action collect = GC.Collect;")]
    public Task LongWorkElsewhere_IsSilent(string statement) => VerifyAsync(statement);

    private static Task VerifyAsync(string statements) => Situation.VerifyAsync(Usings + $$"""
        partial class Handler
        {
            readonly byte[] _bytes = new byte[16];
            readonly RSA _rsa = null!;
            readonly CertificateRequest _request = null!;

            [Pinned]
            public async partial ValueTask RunAsync()
            {
                await Task.Yield();
                {{statements}}
            }
        }
        """);
}
