BenchmarkTool.main()
